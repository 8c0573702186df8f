using System.ComponentModel.DataAnnotations;

namespace CloudTicks.EventStream.Pacing;

/// <summary>What an Event Hubs namespace takes, which it does not tell by itself.</summary>
public sealed record EventHubsOptions
{
    /// <summary>Where the settings stand.</summary>
    public const string Section = "EventStream:EventHubs";

    /// <summary>Events a second that the namespace takes for each throughput unit.</summary>
    public const int EventsPerUnit = 1_000;

    /// <summary>Throughput units of the namespace, 1 to 40 on Standard, 1 by default; with auto-inflate its maximum.</summary>
    [Range(1, 1_000)]
    public int ThroughputUnits { get; init; } = 1;

    /// <summary>Collectors that share the namespace, 1 by default: each takes its part.</summary>
    [Range(1, 1_000)]
    public int Collectors { get; init; } = 1;

    /// <summary>Events a second that one collector sends at most, so that all stay under four fifths of the namespace's limit.</summary>
    public double EventsPerSecond => 0.8 * ThroughputUnits * EventsPerUnit / Collectors;
}
