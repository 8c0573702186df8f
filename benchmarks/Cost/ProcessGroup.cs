using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Machine;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>The processes of one program with their children. AppHost's group also has the programs that are not listed here.</summary>
internal sealed record ProcessGroup(string Name, IReadOnlyList<int> Pids)
{
    /// <summary>A part of a program's command line, and the program's name in docs/architecture.md.</summary>
    private static readonly (string Part, string Name)[] Programs =
    [
        ("CloudTicks.Collector.dll", "collector"),
        ("CloudTicks.EventHub.dll", "event hub"),
        ("CloudTicks.Functions.dll", "functions"),
        ("postgres", "PostgreSQL"),
        ("nats-server", "nats"),
        ("CloudTicks.Dashboard.dll", "page"),
        ("CloudTicks.Simulator.dll", Simulator),
        ("AppHost.dll", AppHost),
    ];

    public const string Simulator = "simulator";

    public const string AppHost = "AppHost";

    /// <summary>Whether the program belongs to the system itself, not to the feed or the verification.</summary>
    public bool IsOwn => Name is not (Simulator or AppHost);

    /// <summary>The programs of a process and of all its descendants.</summary>
    public static IReadOnlyList<ProcessGroup> StartedBy(int root)
    {
        var children = AllProcesses().ToLookup(process => process.Parent, process => process.Pid);
        var groups = new Dictionary<string, List<int>>();
        var waiting = new Queue<(int Pid, string Name)>([(root, AppHost)]);
        while (waiting.TryDequeue(out var next))
        {
            if (!groups.TryGetValue(next.Name, out var pids))
            {
                groups[next.Name] = pids = [];
            }

            pids.Add(next.Pid);
            foreach (var child in children[next.Pid])
            {
                waiting.Enqueue((child, next.Name == AppHost ? NameOf(child) : next.Name));
            }
        }

        return [.. Programs.Where(program => groups.ContainsKey(program.Name))
            .Select(program => new ProcessGroup(program.Name, groups[program.Name]))];
    }

    /// <summary>Reads the usage of the processes so far.</summary>
    public ProcessReading Read() => Pids.Select(ProcessReading.Of).Aggregate((sum, next) => sum + next);

    private static string NameOf(int pid)
    {
        var command = ProcessReading.TryRead($"/proc/{pid}/cmdline") ?? "";
        return Programs.FirstOrDefault(program => command.Contains(program.Part, StringComparison.Ordinal)).Name ?? AppHost;
    }

    private static IEnumerable<(int Pid, int Parent)> AllProcesses()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)
                && ProcessReading.StatOf(pid) is { } stat)
            {
                yield return (pid, int.Parse(stat[ProcessReading.ParentField], CultureInfo.InvariantCulture));
            }
        }
    }
}
