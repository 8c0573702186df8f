using System.Collections.ObjectModel;

namespace CloudTicks.Ticks.Status;

/// <summary>The status of the connections of one market.</summary>
public sealed record MarketFeedStatus
{
    /// <summary>Whether the feed runs, was not refused, and has all required connections open; true also when none is required.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Why the server refused the market permanently, and what to check; null when it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>The connections, by slot.</summary>
    public required IReadOnlyList<ConnectionStatus> Connections { get; init; } = [];

    /// <summary>Channels not acknowledged after several requests. The server sends no error for unknown names.</summary>
    public required IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Channels that the server refused, or that exceed its channel limit, each with the server's message.</summary>
    public required IReadOnlyDictionary<string, string> Refused { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Symbols that do not fit on the allowed connections. The collector does not subscribe to them.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; } = [];

    /// <summary>The number of connections that the server allows, learnt from its refusals; null while no limit is known.</summary>
    public required int? LearntLimit { get; init; }

    /// <summary>The number of outages: sessions that were lost and later restored. The ticks of an outage were not received live.</summary>
    public long Outages { get; init; }

    /// <summary>Total duration of the outages in ms. Each lasts from the last message before it to the next session.</summary>
    public long OutageMs { get; init; }
}

/// <summary>The status of one connection.</summary>
/// <param name="Slot">The connection's number within its market, starting at 0.</param>
/// <param name="SinceMs">When the connection entered this state, Unix ms, UTC.</param>
/// <param name="Wanted">Channels assigned to the connection.</param>
/// <param name="LastMessageAgeMs">Time since the last message of the current session, in ms; null before the first.</param>
public sealed record ConnectionStatus(int Slot, ConnectionState State, long SinceMs, int Wanted, int Acknowledged, long? LastMessageAgeMs);
