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

    /// <param name="role">What is to be done.</param>
    /// <exception cref="FormatException">There is no connection string, or it is wrong.</exception>
    public static NpgsqlDataSource Timescale(DatabaseRole role)
    {
        const string example = "for example Host=127.0.0.1;Port=5433;Database=cloudticks_simulated;Username=postgres with PGPASSFILE, or with Password=...";
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(Setting(DatabaseConnections.Name)) { ApplicationName = "cloudticks replay" };
            return string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)
                ? throw new FormatException($"The table is in no database that is known here: set ConnectionStrings__timescale, {example}.")
                : RoleSource.Create(settings, role);
        }
        catch (ArgumentException wrong)
        {
            // Npgsql's own message may hold a piece of a password.
            throw new FormatException($"The connection string of TimescaleDB cannot be read: set ConnectionStrings__timescale, {example}.", wrong);
        }
    }

    /// <summary>Makes the clients' own libraries known.</summary>
    public static void UseLibraries() => ClientLibrary.UseFetched();

    /// <summary>A connection string of the environment; null when it is not set.</summary>
    public static string? Setting(string name) =>
        Environment.GetEnvironmentVariable($"ConnectionStrings__{name}") is { Length: > 0 } text ? text : null;
}
