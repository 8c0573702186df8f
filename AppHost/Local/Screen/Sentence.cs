using CloudTicks.AppHost.Local.Running;
using CloudTicks.Foundations;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>The sentence at the top: all is well, or what is wrong and what to do.</summary>
internal readonly record struct Sentence(Tone Tone, string Text)
{
    private const double MinRate = 0.5;
    private const double Gigabyte = 1e9;

    public static Sentence Of(
        RunPhase phase, IReadOnlyList<Part> parts, Figures figures, Func<string, string?> problemOf, bool isSimulated) => phase switch
        {
            RunPhase.Starting => Starting(parts),
            RunPhase.Stopping =>
                new(Tone.Busy, "Stopping: the received ticks are being archived, stored and published. Nothing acknowledged is lost."),
            _ => Refused(figures) ?? Broken(parts, problemOf) ?? Disk(figures) ?? Feed(phase, figures, isSimulated) ?? Behind(figures)
                ?? AllWell(phase, figures),
        };

    private static Sentence Starting(IReadOnlyList<Part> parts)
    {
        var names = parts.Where(part => part.State is PartState.Starting).Select(part => part.Name).ToList();
        return new(Tone.Busy, names.Count > 0
            ? $"Starting {string.Join(", ", names)}."
            : "Preparing the local services; the first start fetches them from Debian (about 10 seconds).");
    }

    private static Sentence? Refused(Figures figures) => figures.Refused.Count == 0 ? null : new(
        Tone.Bad, $"The feed refuses access ({string.Join("; ", figures.Refused.Values.Distinct())}): check POLYGON_API_KEY and what your "
            + $"plan covers, then start again.");

    private static Sentence? Broken(IReadOnlyList<Part> parts, Func<string, string?> problemOf)
    {
        var endedParts = parts.Where(part => part.State is PartState.Restarting or PartState.Starting).Select(part => part.Name).ToList();
        if (endedParts.Count > 0)
        {
            return new(
                Tone.Bad, $"{string.Join(" and ", endedParts)} {(endedParts.Count == 1 ? "has" : "have")} ended and "
                    + $"{(endedParts.Count == 1 ? "is" : "are")} being restarted"
                + $" ({problemOf(endedParts[0]) ?? "see the lines below"}). Nothing acknowledged is lost.");
        }

        return parts.FirstOrDefault(part => part.State == PartState.Unhealthy) is { } sick
            ? new(Tone.Bad,
                $"{sick.Name} is running but cannot do its "
                    + $"work{(problemOf(sick.Name) is { } problem ? $": {problem}" : "; see the lines below")}")
            : null;
    }

    private static Sentence? Disk(Figures figures) => figures.FreeBytes > 2 * Gigabyte ? null : new(
        Tone.Bad, Invariant(
            $"The disk is nearly full: only {new ByteSize(figures.FreeBytes)} free. Make room, or start with --data on another disk."));

    private static Sentence? Feed(RunPhase phase, Figures figures, bool isSimulated)
    {
        if (phase != RunPhase.Running)
        {
            return null;
        }

        if (figures.Disconnected.Count > 0)
        {
            return new(Tone.Bad, $"The collector is not connected to the feed for {string.Join(", ", figures.Disconnected)}; it retries. "
                + (isSimulated ? "Is the simulator healthy?" : "Ticks are being missed: check the network."));
        }

        if (figures.TicksPerSecond.GetValueOrDefault("collector") >= MinRate)
        {
            return null;
        }

        return figures.Totals.Received == 0
            ? new(Tone.Busy,
                isSimulated
                    ? "Everything is running; the first tick is on its way."
                    : "Everything is running, but no tick has arrived yet: the market may be closed.")
            : new(Tone.Bad,
                isSimulated
                    ? "Everything is running, but the simulator sends no ticks any more."
                    : "Everything is running, but no ticks are arriving: the market may be closed.");
    }

    private static Sentence? Behind(Figures figures)
    {
        foreach (var (row, lag) in figures.Lag.Where(lag => lag.Value.IsNotable).OrderByDescending(lag => lag.Value.Records))
        {
            var distance = lag.Seconds is { } seconds ? Invariant($"{seconds:N0} s") : Counted.Of(lag.Records, "record");
            return lag.IsGrowing
                ? new(Tone.Bad,
                    $"{row} is {distance} behind, and falling further behind: more ticks arrive than this machine can process. Lower "
                        + "--rate (simulated ticks) or collect fewer symbols; nothing is lost.")
                : new(Tone.Busy, $"{row} is {distance} behind, and catching up.");
        }

        return null;
    }

    private static Sentence AllWell(RunPhase phase, Figures figures) => phase == RunPhase.Proving
        ? new(Tone.Busy, "The feed has ended. The last ticks are being processed; then all ticks are compared.")
        : new(Tone.Good, Counted.Agree(
            Invariant($"All well: {figures.TicksPerSecond.GetValueOrDefault("collector"):N0} ticks a second are archived, ")
            + "stored and published."));
}

internal enum Tone
{
    Good,
    Busy,
    Bad,
}
