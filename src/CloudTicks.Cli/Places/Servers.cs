using CloudTicks.Cli.Streaming;
using CloudTicks.EventStream;
using CloudTicks.Messaging.Nats;
using CloudTicks.Timescale.Roles;
using CloudTicks.Verification.Places;
using Npgsql;

namespace CloudTicks.Cli.Places;

/// <summary>Where the servers are: by the environment, as the services have it, else as the AppHost that runs here has noted, else at the usual ports.</summary>
internal static class Servers
{
    private const string EventHubsName = "eventhubs";

    private static readonly Lazy<RunningSystem?> Running = new(() => RunningSystem.Find(null));

    /// <param name="address">The address of the command line; null for the environment's.</param>
    /// <param name="running">The AppHost that was found already; null to look for one.</param>
    /// <exception cref="FormatException">The connection string is wrong.</exception>
    public static EventStreamConnection EventStream(string? address = null, RunningSystem? running = null) =>
        EventStreamConnection.Parse(address ?? Setting(EventHubsName) ?? (running ?? Running.Value)?.EventHub ?? "127.0.0.1:9092");

    /// <param name="address">The address of the command line; null for the environment's.</param>
    /// <param name="running">The AppHost that was found already; null to look for one.</param>
    /// <exception cref="FormatException">The address is wrong.</exception>
    public static NatsConnectionSettings Nats(string? address = null, RunningSystem? running = null) =>
        NatsConnectionSettings.Parse(address ?? Setting("nats") ?? (running ?? Running.Value)?.Nats ?? "nats://127.0.0.1:4222");

    /// <param name="role">What is to be done; the owner and the reader may have connection strings of their own.</param>
    /// <exception cref="FormatException">There is no connection string and no AppHost, or one is wrong.</exception>
    public static NpgsqlDataSource Timescale(DatabaseRole role)
    {
        var connections = Noted() is { } place ? DatabaseConnections.Of(place.Settings()) : DatabaseConnections.Parse(Setting);
        var settings = role switch
        {
            DatabaseRole.Owner => connections.Owner,
            DatabaseRole.Reader => connections.Reader,
            _ => connections.Writer,
        };
        return RoleSource.Create(new NpgsqlConnectionStringBuilder(settings.ConnectionString) { ApplicationName = "cloudticks replay" }, role);
    }

    /// <summary>Makes the clients' own libraries known.</summary>
    public static void UseLibraries() => ClientLibrary.UseFetched();

    /// <summary>A connection string of the environment; null when it is not set.</summary>
    public static string? Setting(string name) =>
        Environment.GetEnvironmentVariable($"ConnectionStrings__{name}") is { Length: > 0 } text ? text : null;

    /// <summary>The database of the AppHost that runs here; not for the ticks of an event hub that was named, which may be another system's.</summary>
    private static DatabasePlace? Noted() =>
        Array.TrueForAll([EventHubsName, DatabaseConnections.Name, DatabaseConnections.OwnerName, DatabaseConnections.ReaderName], name => Setting(name) is null)
            ? Running.Value?.Database
            : null;
}
