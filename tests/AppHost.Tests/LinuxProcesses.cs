using System.Globalization;

namespace AppHost.Tests;

/// <summary>Processes by number, as Linux shows them in /proc.</summary>
internal static class LinuxProcesses
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The children of a process, their children, and so on, in whatever session they are.</summary>
    public static IReadOnlyList<int> Below(int process)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
            .Select(id => (Id: id, Status: Read(id))).Where(entry => entry.Status is not null)
            .ToLookup(entry => entry.Status!.Value.Parent, entry => entry.Id);
        return [.. BelowIn(process)];

        IEnumerable<int> BelowIn(int parent) => all[parent].SelectMany(child => BelowIn(child).Prepend(child));
    }

    /// <summary>The children of a process, and not theirs.</summary>
    public static IReadOnlyList<int> ChildrenOf(int process) => [.. Below(process).Where(child => Read(child)?.Parent == process)];

    /// <summary>Waits until none of them runs; one that has ended and waits for its parent to ask (state Z) does not run.</summary>
    /// <returns>Those that still run when the time is over.</returns>
    public static async Task<IReadOnlyList<int>> StillRunningAfterAsync(
        TimeSpan time, IReadOnlyList<int> processes, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var looks = new PeriodicTimer(PollInterval);
        while (processes.Count > 0 && TimeProvider.System.GetElapsedTime(started) < time)
        {
            await looks.WaitForNextTickAsync(cancellationToken);
            processes = [.. processes.Where(process => Read(process) is { State: not "Z" })];
        }

        return processes;
    }

    /// <summary>The environment with which a process was started; empty when it has ended.</summary>
    public static string EnvironmentOf(int process) => ReadText(process, "environ");

    /// <summary>Program and arguments, a blank between them.</summary>
    public static string CommandOf(int process) => ReadText(process, "cmdline").Replace('\0', ' ');

    /// <summary>The number of the user as whom a process runs.</summary>
    public static int UserOf(int process) => int.Parse(
        ReadText(process, "status").Split('\n').Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1],
        CultureInfo.InvariantCulture);

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
