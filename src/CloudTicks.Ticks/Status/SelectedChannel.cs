using System.Text.Json.Serialization;

namespace CloudTicks.Ticks.Status;

/// <summary>One kind of ticks of a selected symbol: an element of the collector's <c>GET /api/v1/symbols</c>, in snake_case.</summary>
public sealed record SelectedChannel
{
    /// <summary>The symbol's normalised name.</summary>
    public required string Symbol { get; init; }

    /// <summary><c>stock</c>, <c>option</c>, <c>forex</c> or <c>crypto</c>.</summary>
    public required string Market { get; init; }

    /// <summary><c>quote</c> or <c>trade</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The channel that the collector subscribes to.</summary>
    public required string Channel { get; init; }

    /// <summary>The current trading phase of the symbol's market: <c>closed</c>, <c>extended</c> or <c>regular</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>When this phase began, Unix ms, UTC; null when the hours never change.</summary>
    public required long? PhaseSinceMs { get; init; }

    /// <summary>Since when the channel has been selected without a break, Unix ms, UTC.</summary>
    public required long WantedSinceMs { get; init; }

    /// <summary>
    /// When the server acknowledged the channel in this session, Unix ms, UTC; null before the acknowledgement, and on replicas that do not
    /// subscribe to the channel.
    /// </summary>
    public required long? CoveredSinceMs { get; init; }

    /// <summary>Time since the channel's last tick was received, in ms; null before the first tick.</summary>
    public required long? LastTickAgeMs { get; init; }

    /// <summary>The usual time between two ticks, in ms; null while unknown.</summary>
    public required double? UsualPauseMs { get; init; }

    /// <summary>Whether no ticks are expected.</summary>
    [JsonIgnore]
    public bool IsClosed => Phase == "closed";

    /// <summary>Whether few ticks are expected.</summary>
    [JsonIgnore]
    public bool IsExtended => Phase == "extended";
}
