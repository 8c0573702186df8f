using CloudTicks.EventStream;
using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Topics;
using CloudTicks.Messaging.Nats;
using CloudTicks.Verification.Findings;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Verification.SystemParts;

/// <summary>The parts of a running system that can be queried. The caller disposes of them.</summary>
public sealed record OperatedSystem
{
    /// <summary>The clients of the collectors, at least one.</summary>
    public required IReadOnlyList<ServiceQueryClient> Collectors { get; init; }

    /// <summary>The client of the functions, which serve the central hub, status and retention.</summary>
    public required ServiceQueryClient Hub { get; init; }

    /// <summary>The client of the simulator; null for a feed without counts.</summary>
    public ServiceQueryClient? Simulator { get; init; }

    /// <summary>The data source of the database; null when its address is unknown.</summary>
    public NpgsqlDataSource? Table { get; init; }

    /// <summary>Why the address of the database is unknown.</summary>
    public string TableProblem { get; init; } = "The address of the database is unknown.";

    /// <summary>The connection to the event hub.</summary>
    public required EventStreamConnection Stream { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The connection settings of NATS.</summary>
    public required NatsConnectionSettings Nats { get; init; }

    /// <summary>The monitors of NATS (nats-server's HTTP port); empty when they can be neither found nor guessed.</summary>
    public IReadOnlyList<Uri> NatsMonitors { get; init; } = [];

    /// <summary>Whether the monitors were configured; otherwise they are guessed from the default ports.</summary>
    public bool AreNatsMonitorsKnown { get; init; }

    /// <summary>The folder of the lake, or its address in an object store; null without one.</summary>
    public string? Lake { get; init; }

    /// <summary>Whether services follow the central hub; false in a replay: they use the recording and their own settings.</summary>
    public bool FollowsHub { get; init; } = true;

    /// <summary>The database.</summary>
    /// <exception cref="NoResponseException">The address is unknown.</exception>
    internal NpgsqlDataSource RequireTable() => Table ?? throw new NoResponseException(
        Parts.Table, isUnreachable: false, TableProblem,
        "Name it with --db or ConnectionStrings__timescale, or the folder of an AppHost with --data.");

    /// <summary>The finding of hub-related checks when the services do not follow the central hub; null when they do.</summary>
    internal Finding? WithoutHub => FollowsHub ? null : Finding.Unknown(
        "Not checked: this AppHost replays a recording, and its services follow the recording and their own settings, not the hub.",
        "Check a system without --replay.");

    internal StreamPositions Positions => new(Stream, Time, NullLogger<StreamPositions>.Instance);

    internal RecordConsumer Records => new(Stream, Time, NullLogger<RecordConsumer>.Instance);
}
