using CloudTicks.EventStream;
using CloudTicks.Messaging.Nats;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Cli.Places;

/// <summary>Creates the connections to the servers of the system that a command addresses.</summary>
internal sealed class Servers(TargetSystem target)
{
    public const string EventHubsName = "eventhubs";

    /// <exception cref="FormatException">The connection string is invalid, or the event hub cannot be determined.</exception>
    public EventStreamConnection EventStream(string? option = null, string name = "") =>
        EventStreamConnection.Parse(target.EventHub(option, name).Address);

    /// <exception cref="FormatException">The address is invalid, or the NATS server cannot be determined.</exception>
    public NatsConnectionSettings Nats(string? option = null, string name = "") =>
        NatsConnectionSettings.Parse(target.Nats(option, name).Address);

    /// <param name="role">The role to connect as; owner and reader may have their own connection strings.</param>
    /// <exception cref="FormatException">
    /// There is neither a connection string nor an AppHost, or the connection string is invalid.
    /// </exception>
    public NpgsqlDataSource Timescale(DatabaseRole role)
    {
        var connections = target.Database() is { } place ? DatabaseConnections.Of(place.Settings()) : DatabaseConnections.Parse(Setting);
        var settings = role switch
        {
            DatabaseRole.Owner => connections.Owner,
            DatabaseRole.Reader => connections.Reader,
            _ => connections.Writer,
        };
        return RoleSource.Create(new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            ApplicationName = "cloudticks replay",
        }, role);
    }

    /// <summary>Prints the servers, if the command changes something.</summary>
    public void Announce(bool isFromArchive, params IReadOnlyList<(string Part, Place<string> Place)> others)
    {
        var servers = others.ToList();
        if (isFromArchive)
        {
            var hub = target.EventHub();
            servers.Insert(0, ("event hub", hub with { Address = EventStreamConnection.Parse(hub.Address).BootstrapServers }));
        }

        target.Announce(servers);
    }

    /// <summary>The address of NATS, without secrets.</summary>
    /// <exception cref="FormatException">
    /// The address is invalid, the system is ambiguous, or the environment names an event hub that is not AppHost's, but not NATS.
    /// </exception>
    public (string Part, Place<string> Place) NatsPlace()
    {
        var place = target.Nats();
        return place.Source == AddressSource.AppHost && Setting(EventHubsName) is { } named && named != target.RunningAppHost?.EventHub
            ? throw new FormatException(
                $"ConnectionStrings__{EventHubsName} names one system, but NATS would be that of another "
                + $"({SystemSearch.Describe(target.RunningAppHost!)}): also set ConnectionStrings__nats.")
            : ("NATS", place with { Address = NatsConnectionSettings.Parse(place.Address).ToString() });
    }

    public (string Part, Place<string> Place) TablePlace()
    {
        var address = target.Database();
        var settings = address?.Settings() ?? DatabaseConnections.Parse(Setting).Writer;
        return ("database", new Place<string>(
            $"{settings.Host}:{settings.Port}/{settings.Database}", address is not null ? AddressSource.AppHost : AddressSource.Environment,
            $"ConnectionStrings__{DatabaseConnections.Name}"));
    }

    public static void UseFetchedClientLibraries() => ClientLibrary.UseFetched();

    public static string? Setting(string name) =>
        Environment.GetEnvironmentVariable($"ConnectionStrings__{name}") is { Length: > 0 } text ? text : null;
}
