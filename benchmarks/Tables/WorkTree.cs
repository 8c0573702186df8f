using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Tables;

/// <summary>The state that is measured: a commit, with or without uncommitted changes.</summary>
internal static class WorkTree
{
    /// <param name="page">The file that this program writes, which may be changed.</param>
    /// <param name="isDirtyAllowed">Whether other uncommitted changes are allowed; the returned name then mentions them.</param>
    /// <returns>The name of the commit for the tables.</returns>
    /// <exception cref="BenchmarkException">There are uncommitted changes that are not allowed, or git failed.</exception>
    public static async Task<string> CommitAsync(string root, string page, bool isDirtyAllowed, CancellationToken cancellationToken)
    {
        var commit = string.Concat(await GitAsync(root, ["rev-parse", "--short=8", "HEAD"], cancellationToken));
        var changed = await GitAsync(root, ["status", "--porcelain", "--", ".", $":!{page}"], cancellationToken);
        return (changed.Count, isDirtyAllowed) switch
        {
            (0, _) => commit,
            (_, true) => $"{commit} with uncommitted changes",
            _ => throw new BenchmarkException(
                "There are uncommitted changes, so no commit identifies the measured code: "
                    + $"{string.Join(", ", changed.Select(line => line.Trim()))}. Commit them, or use --dirty."),
        };
    }

    private static async Task<IReadOnlyList<string>> GitAsync(string root, string[] arguments, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions { FileName = "git", Arguments = ["-C", root, .. arguments], OnOutput = lines.Add, OnError = lines.Add },
            cancellationToken);
        return exitCode == 0 ? lines : throw new BenchmarkException($"git: {string.Join(" / ", lines)}");
    }
}
