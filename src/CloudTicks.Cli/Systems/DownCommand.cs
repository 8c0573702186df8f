using System.CommandLine;
using CloudTicks.Cli.Places;

namespace CloudTicks.Cli.Systems;

/// <summary><c>cloudticks down</c>: signals the AppHost of a data folder to drain and stop, and waits until it has stopped.</summary>
internal static class DownCommand
{
    private const string Description = """
        Drain and stop the system of this folder, or of --data, and wait until it has stopped.

        AppHost stops, and with it all parts that it started. This command kills no process. A system that is not running is not an error.
        Another folder's system is never stopped without --data.
        Exit code: 0 stopped; 1 the system has not stopped in time, or its process is unknown; 2 wrong usage, or several systems
        are running in the folder; 130 Ctrl-C, while the system continues to stop.

        Examples:
          cloudticks down
          cloudticks down --data /mnt/big/ticks
        """;

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan NoteTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    public static Command Create()
    {
        var command = new Command("down", Description) { TargetSystem.Data };
        command.SetAction((result, _) => RunAsync(result.GetValue(TargetSystem.Data), Console.Out, Console.Error, TimeProvider.System));
        return command;
    }

    internal static async Task<int> RunAsync(DirectoryInfo? data, TextWriter output, TextWriter errors, TimeProvider time)
    {
        var heldFolders = SystemFolder.Of(data).Where(system => system.IsHeld).ToArray();
        if (heldFolders.Length == 0)
        {
            output.WriteLine($"No system is running in {Path.GetFullPath(data?.FullName ?? SystemSearch.DefaultDataFolder)}.");
            foreach (var other in data is null ? SystemFolder.RunningInAnyFolder() : [])
            {
                output.WriteLine($"A system is running in another folder, and was not stopped: --data {other.Path}");
            }

            return ExitCodes.Done;
        }

        if (heldFolders.Length > 1)
        {
            errors.WriteLine($"{heldFolders.Length} systems are running, and this command stops one. Choose:"
                + string.Concat(heldFolders.Select(system => $"\n  --data {system.Path}")));
            return ExitCodes.Usage;
        }

        using var interruption = new Interruption();
        try
        {
            return await StopAsync(heldFolders[0].Path, output, errors, time, interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static async Task<int> StopAsync(
        string folder, TextWriter output, TextWriter errors, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var isRequested = false;
        while (SystemFolder.Of(new DirectoryInfo(folder)) is [{ IsHeld: true } system])
        {
            var waited = time.GetElapsedTime(began);
            if (!isRequested && system.Process?.Terminate() == true)
            {
                isRequested = true;
                output.WriteLine($"Stopping {system.Feed}, process {system.Process.Id}, data folder {folder}.");
            }
            else if (!isRequested && waited > NoteTimeout)
            {
                errors.WriteLine(
                    $"The process that uses {folder} is not known, or belongs to another user: stop it where it was started (Ctrl-C).");
                return ExitCodes.Incomplete;
            }
            else if (waited > MaxWait)
            {
                errors.WriteLine(
                    $"The system has not stopped within {MaxWait.TotalSeconds:0} s: 'cloudticks logs' shows why; "
                        + "run this again to wait longer.");
                return ExitCodes.Incomplete;
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }

        output.WriteLine("Stopped.");
        return ExitCodes.Done;
    }
}
