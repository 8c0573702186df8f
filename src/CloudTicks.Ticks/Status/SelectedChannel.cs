using System.Text.Json.Serialization;

namespace CloudTicks.Ticks.Status;

/// <summary>One kind of ticks of a selected symbol; <c>GET /api/v1/symbols</c> of a collector answers them in snake_case.</summary>
public sealed record SelectedChannel
{
    /// <summary>The symbol's normalised name.</summary>
    public required string Symbol { get; init; }

    /// <summary><c>stock</c>, <c>option</c>, <c>forex</c> or <c>crypto</c>.</summary>
    public required string Market { get; init; }

    /// <summary><c>quote</c> or <c>trade</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The name by which it is subscribed to.</summary>
    public required string Channel { get; init; }

    /// <summary>What the symbol's market does now: <c>closed</c>, <c>extended</c> or <c>regular</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Since when it does, Unix ms, UTC; null where it always did.</summary>
    public required long? PhaseSinceMs { get; init; }

    /// <summary>Since when this collector wants it without a break, Unix ms, UTC.</summary>
    public required long WantedSinceMs { get; init; }

    /// <summary>When the server acknowledged it on this session, Unix ms, UTC; null while it has not, or elsewhere.</summary>
    public required long? CoveredSinceMs { get; init; }

    /// <summary>How long ago its last tick was received, in ms; null before the first.</summary>
    public required long? LastTickAgeMs { get; init; }

    /// <summary>The usual pause between two ticks, in ms; null before it is known.</summary>
    public required double? UsualPauseMs { get; init; }

    /// <summary>Whether no ticks are to be expected.</summary>
    [JsonIgnore]
    public bool IsClosed => Phase == "closed";

    /// <summary>Whether few are.</summary>
    [JsonIgnore]
    public bool IsExtended => Phase == "extended";
}
