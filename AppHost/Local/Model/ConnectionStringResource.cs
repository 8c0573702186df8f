using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.EventStream;
using CloudTicks.Messaging.Nats;
using Npgsql;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An existing server, from the connection string in <c>ConnectionStrings:NAME</c>.</summary>
internal sealed class ConnectionStringResource(string name, IConfiguration configuration)
    : LocalResource(name), IResourceWithConnectionString
{
    public string ConnectionName => Name;

    public string ConnectionString => configuration.GetConnectionString(Name)
        ?? throw new LocalRunException($"There is no connection string '{Name}': set ConnectionStrings__{Name} in the environment.");

    /// <summary>Describes a secret parameter whose value is the connection string, as Aspire does.</summary>
    public override JsonObject ManifestEntry()
    {
        var entry = ManifestEntries.Secret(Name);
        entry.Insert(1, "connectionString", $"{{{Name}.value}}");
        return entry;
    }

    public override IEnumerable<string> ProcessNames(RunOptions options) => [Name];

    /// <exception cref="LocalRunException">The connection string cannot be read.</exception>
    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken)
    {
        environment.Parts.SetEndpoint(Name, Endpoint());
        environment.Parts.SetState(Name, PartState.Yours);
        environment.Lines.Write(Name, $"uses the server in ConnectionStrings__{Name}");
        return Task.CompletedTask;
    }

    private string Endpoint()
    {
        try
        {
            return Name switch
            {
                "timescale" =>
                    new NpgsqlConnectionStringBuilder(ConnectionString) is var postgres ? $"{postgres.Host}:{postgres.Port}" : "",
                "nats" => string.Join(
                    ',', NatsConnectionSettings.Parse(ConnectionString).Servers.Select(server => new Uri(server).Authority)),
                "eventhubs" => EventStreamConnection.Parse(ConnectionString).BootstrapServers,
                _ => "",
            };
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            // The parsers' messages contain no secret: at most the address of a Kafka broker, and for PostgreSQL only the keyword.
            throw new LocalRunException($"ConnectionStrings__{Name} cannot be read: {exception.Message}");
        }
    }
}
