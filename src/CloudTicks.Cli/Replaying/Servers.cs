using CloudTicks.Cli.Streaming;
using CloudTicks.EventStream;
using CloudTicks.Messaging.Nats;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Cli.Replaying;

/// <summary>Where the servers are: from the environment, as the services have it; event hub and NATS by default where AppHost starts them.</summary>
internal static class Servers
{
    /// <exception cref="FormatException">The connection string is wrong.</exception>
    public static EventStreamConnection EventStream() => EventStreamConnection.Parse(Setting("eventhubs") ?? "127.0.0.1:9092");

    /// <param name="address">The address of the command line; null for the environment's.</param>
    /// <exception cref="FormatException">The address is wrong.</exception>
    public static NatsConnectionSettings Nats(string? address = null) =>
        NatsConnectionSettings.Parse(address ?? Setting("nats") ?? "nats://127.0.0.1:4222");

    /// <param name="role">What is to be done; the owner and the reader may have connection strings of their own.</param>
    /// <exception cref="FormatException">There is no connection string, or one is wrong.</exception>
    public static NpgsqlDataSource Timescale(DatabaseRole role)
    {
        var connections = DatabaseConnections.Parse(Setting);
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
}
