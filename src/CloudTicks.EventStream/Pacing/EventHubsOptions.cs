using System.ComponentModel.DataAnnotations;

namespace CloudTicks.EventStream.Pacing;

/// <summary>The limits of an Event Hubs namespace, which does not report them itself.</summary>
public sealed record EventHubsOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "EventStream:EventHubs";

    /// <summary>Events per second that the namespace accepts for each throughput unit.</summary>
    public const int EventsPerUnit = 1_000;

    /// <summary>
    /// Throughput units of the namespace, 1 to 40 on Standard, 1 by default; with auto-inflate, the maximum number of units.
    /// </summary>
    [Range(1, 1_000)]
    public int ThroughputUnits { get; init; } = 1;

    /// <summary>Collectors that share the namespace, 1 by default: each uses an equal part.</summary>
    [Range(1, 1_000)]
    public int Collectors { get; init; } = 1;

    /// <summary>The maximum rate of one collector in events per second, so that all together use at most 80 % of the namespace's
    /// limit.</summary>
    public double EventsPerSecond => 0.8 * ThroughputUnits * EventsPerUnit / Collectors;
}
