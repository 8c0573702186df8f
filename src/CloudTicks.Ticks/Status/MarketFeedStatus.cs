using System.Collections.ObjectModel;

namespace CloudTicks.Ticks.Status;

/// <summary>A picture of the connections of one market.</summary>
public sealed record MarketFeedStatus
{
    /// <summary>Whether every connection that is needed stands; true as well when none is needed.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Why the server refused the market for good, in a sentence that says what to check; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The connections, by their number.</summary>
    public required IReadOnlyList<ConnectionStatus> Connections { get; init; } = [];

    /// <summary>Channels not acknowledged after several requests; the server does not answer for unknown names.</summary>
    public required IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Channels that the server refused, or for which it had no room, and what it said.</summary>
    public required IReadOnlyDictionary<string, string> Refused { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Symbols for which the allowed connections have no room: they are not asked for.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The connections that the server allows, as far as it has shown; null when it has shown no limit.</summary>
    public required int? LearntLimit { get; init; }

    /// <summary>How often a session was lost and came again; what the feed sent in between is missing.</summary>
    public long Outages { get; init; }

    /// <summary>How long these lasted together, from the last message before to the next session, in ms.</summary>
    public long OutageMs { get; init; }
}

/// <summary>A picture of one connection.</summary>
/// <param name="Slot">Its number among those of the market, from 0.</param>
/// <param name="SinceMs">Since when, Unix ms, UTC.</param>
/// <param name="Wanted">Channels that it is to hold.</param>
/// <param name="LastMessageAgeMs">How long ago the last message came, in ms; null before the first.</param>
public sealed record ConnectionStatus(int Slot, ConnectionState State, long SinceMs, int Wanted, int Acknowledged, long? LastMessageAgeMs);
