using CloudTicks.Benchmarks.Abuse.Abuses;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>One kind of abuse of the event hub.</summary>
/// <param name="Name">The abuse's name on the command line.</param>
/// <param name="Description">What the clients do.</param>
/// <param name="RunAsync">Runs the abuse until cancelled; a client reconnects when the event hub closes its connection.</param>
internal sealed record AbuseKind(string Name, string Description, Func<AbuseTarget, CancellationToken, Task> RunAsync)
{
    public static IReadOnlyList<AbuseKind> All { get; } =
    [
        new("none", "no client misbehaves: shows how much two runs of the same hub differ", static (_, _) => Task.CompletedTask),
        new("machine", "4 clients send frames of 31 MB at full speed to a peer that drops them",
            DroppedFrames.RunAsync),
        new("claims", "12 clients declare a frame of 31 MB and send a byte every 2 s", HalfFrames.ClaimAsync),
        new("half-open", "500 clients send part of a frame and then nothing", HalfFrames.HalfOpenAsync),
        new("slow-readers", "100 clients pipeline 20 fetches of 50 MB and read nothing", SlowReaders.RunAsync),
        new("logins", "256 clients connect and do not log in", WaitingLogins.RunAsync),
        new("floods", "4 clients pipeline small requests at full speed", Floods.RunAsync),
        new("large-refused", "4 clients send frames of 31 MB at full speed, for a topic that does not exist", LargeFrames.SendRefusedAsync),
        new("large-written", "4 clients produce frames of 31 MB at full speed", LargeFrames.SendAcceptedAsync),
    ];

    public static IReadOnlyList<AbuseKind> Named(IReadOnlyList<string> names) => names.Count == 0
        ? All
        : [.. names.Select(name => All.FirstOrDefault(kind => kind.Name == name)
            ?? throw new BenchmarkException($"Unknown abuse {name}; choose from: {string.Join(", ", All.Select(kind => kind.Name))}."))];
}
