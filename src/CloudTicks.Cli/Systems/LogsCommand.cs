using System.CommandLine;
using CloudTicks.Cli.Decoding;
using CloudTicks.Cli.Places;
using CloudTicks.Cli.Tailing;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Systems;

/// <summary><c>cloudticks logs</c>: prints the log lines of all parts of a system, or of one part.</summary>
internal static class LogsCommand
{
    private const string Parts = "run, feed, postgres, nats, eventhubs, functions, simulator, collector, dashboard, relay";

    private const string Description = $"""
        Show the log lines of all parts, or of one: {Parts}.

        The lines, also of earlier runs, are in apphost.log in the data folder of the feed, at most 40 MB. -f follows
        until Ctrl-C, or until the system stops. No line contains a key or a password.
        Exit code: 0 lines were shown; 1 there are no lines, or they cannot be read; 2 wrong usage; 130 Ctrl-C.

        Examples:
          cloudticks logs
          cloudticks logs collector -f
          cloudticks logs functions --lines 1000 | grep WARNING
        """;

    private static readonly Argument<string?> Part = new("part")
    {
        Description = "The part",
        Arity = ArgumentArity.ZeroOrOne,
        CompletionSources = { Parts.Split(", ") },
    };

    private static readonly Option<bool> Follow = new("--follow", "-f") { Description = "Follow new lines" };

    private static readonly Option<long?> Lines = CountOption.Create("The number of newest lines [default: 200]", "--lines");

    public static Command Create()
    {
        var command = new Command("logs", Description) { Part, Follow, Lines, TargetSystem.Data };
        command.SetAction((result, _) => RunAsync(
            result.GetValue(TargetSystem.Data), result.GetValue(Part), result.GetValue(Follow), result.GetValue(Lines) ?? 200));
        return command;
    }

    private static async Task<int> RunAsync(DirectoryInfo? data, string? part, bool follows, long count)
    {
        var systems = SystemFolder.FindHereOrElsewhere(data);
        var folders = systems.Where(system => system.IsHeld).Select(system => system.Path).ToArray() is { Length: > 0 } held
            ? held : [.. systems.Select(system => system.Path)];
        if (folders.MaxBy(folder => File.GetLastWriteTimeUtc(AppHostNote.LogFile(folder))) is not { } chosen
            || !File.Exists(AppHostNote.LogFile(chosen)))
        {
            await Console.Error.WriteLineAsync(
                $"There is no log in {Path.GetFullPath(data?.FullName ?? SystemSearch.DefaultDataFolder)}. "
                + "Start the system with 'cloudticks up'.");
            return ExitCodes.Incomplete;
        }

        if (folders.Length > 1)
        {
            await Console.Error.WriteLineAsync(
                $"{folders.Length} systems match; these lines are from the one that logged last. To see another, add one of:"
                + string.Concat(folders.Select(folder => $"\n  --data {folder}")));
        }

        using var interruption = new Interruption();
        await using var output = StandardOutput.Open();
        try
        {
            var lines = new LogLines(chosen, part, TimeProvider.System);
            var shownCount = await lines.ShowAsync(output, count, interruption.Token);
            if (follows)
            {
                shownCount += await lines.FollowAsync(output, interruption.Token);
            }

            if (shownCount == 0)
            {
                await Console.Error.WriteLineAsync(
                    part is null ? "There are no lines yet."
                        : $"There are no lines from '{part}'. Parts: {string.Join(", ", lines.Parts)}.");
            }

            return shownCount > 0 ? ExitCodes.Done : ExitCodes.Incomplete;
        }
        catch (IOException exception) when (StandardOutput.IsPipeClosed(exception))
        {
            return ExitCodes.Done;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return ExitCodes.Incomplete;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }
}
