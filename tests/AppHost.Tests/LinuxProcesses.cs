using System.Globalization;

namespace AppHost.Tests;

/// <summary>Reads the properties of processes from Linux's /proc.</summary>
internal static class LinuxProcesses
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>All descendants of a process, in any session.</summary>
    public static IReadOnlyList<int> DescendantsOf(int process)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Status: Read(id))).Where(entry => entry.Status is not null)
            .ToLookup(entry => entry.Status!.Value.Parent, entry => entry.Id);
        return [.. BelowIn(process)];

        IEnumerable<int> BelowIn(int parent) => all[parent].SelectMany(child => BelowIn(child).Prepend(child));
    }

    /// <summary>The direct children of a process.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process) => [.. DescendantsOf(process).Where(child => Read(child)?.Parent == process)];

    /// <summary>Waits until none of the processes runs; a zombie (state Z) does not count.</summary>
    /// <returns>The processes that still run at the end of the timeout.</returns>
    public static async Task<IReadOnlyList<int>> StillRunningAfterAsync(
        TimeSpan time, IReadOnlyList<int> processes, CancellationToken cancellationToken)
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval);
        while (processes.Count > 0 && TimeProvider.System.GetElapsedTime(startedAt) < time)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            processes = [.. processes.Where(Runs)];
        }

        return processes;
    }

    /// <summary>The environment with which a process was started; empty when it has ended.</summary>
    public static string EnvironmentOf(int process) => ReadText(process, "environ");

    /// <summary>The program and its arguments, separated by spaces.</summary>
    public static string CommandOf(int process) => ReadText(process, "cmdline").Replace('\0', ' ');

    /// <summary>The id of the user that a process runs as; null when it has ended.</summary>
    public static int? UserOf(int process) =>
        ReadText(process, "status").Split('\n').FirstOrDefault(line => line.StartsWith("Uid:", StringComparison.Ordinal)) is { } line
            ? int.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture) : null;

    /// <summary>Whether a process runs; false for a zombie (state Z).</summary>
    public static bool Runs(int process) => Read(process) is { State: not "Z" };

    private static string ReadText(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static (string State, int Parent)? Read(int process)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat");
            var fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
