using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.LocalServices.Postgres;

namespace Aspire.Hosting.ApplicationModel;

internal sealed class PostgresServerResource(string name, int preferredPort) : LocalResource(name)
{
    /// <summary>The length of the password that Aspire generates.</summary>
    public const int PasswordLength = 22;

    private const int ContainerPort = 5432;

    private PostgresServer? _server;

    public PostgresServer Server => _server ?? throw new InvalidOperationException($"{Name} has not been started.");

    /// <summary>The container image under Aspire.</summary>
    public string Image { get; set; } = "";

    public bool HasVolume { get; set; }

    public override JsonObject ManifestEntry()
    {
        var entry = new JsonObject
        {
            ["type"] = "container.v0",
            ["connectionString"] = $"Host={{{Name}.bindings.tcp.host}};Port={{{Name}.bindings.tcp.port}};Username=postgres;"
                + $"Password={{{Name}-password.value}}",
            ["image"] = Image,
        };
        if (HasVolume)
        {
            entry["volumes"] = new JsonArray(new JsonObject { ["target"] = "/var/lib/postgresql/data", ["readOnly"] = false });
        }

        entry["bindings"] = new JsonObject { ["tcp"] = ManifestEntries.Binding("tcp", preferredPort, ContainerPort) };
        return entry;
    }

    public override IEnumerable<string> ProcessNames(RunOptions options) => [Name];

    public override Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken) => environment.StartOnPortsAsync(
        Name, [(Name, preferredPort)], ports => StartAsync(ports[0], environment, cancellationToken), cancellationToken);

    private async Task StartAsync(int port, LocalEnvironment environment, CancellationToken cancellationToken)
    {
        var options = new PostgresServerOptions
        {
            DataFolder = environment.Folder(Name),
            Port = port,
            Time = environment.Time,
            OnNotice = sentence => environment.Lines.Write(Name, LineLevel.Warning, sentence),
            OnLine = line =>
            {
                // Only PANIC concerns the whole server, for example a full disk; other messages concern a single connection.
                if (line.Contains(" PANIC: ", StringComparison.Ordinal))
                {
                    environment.Lines.Write(Name, LineLevel.Error, line);
                }
            },
        };
        await SuperviseAsync(
            Name,
            async token =>
            {
                var server = await PostgresServer.StartAsync(await environment.InstallationAsync(token), options, token);
                _server = server;
                return new RunningProcess(
                    server.Exited, () => server.DisposeAsync().AsTask(), server.Kill,
                    $"TimescaleDB listens on 127.0.0.1:{port}, process {server.Pid}");
            },
            $"127.0.0.1:{port}",
            health: null,
            environment,
            cancellationToken);
    }
}

internal sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server)
    : LocalResource(name), IResourceWithConnectionString
{
    private string? _connectionString;

    public string ConnectionName => Name;

    public string ConnectionString => _connectionString ?? throw new InvalidOperationException($"{Name} has not been started.");

    public override JsonObject ManifestEntry() => ManifestEntries.Value($"{{{server.Name}.connectionString}};Database={databaseName}");

    public override async Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken)
    {
        _connectionString = await server.Server.CreateDatabaseAsync(databaseName, cancellationToken);
        var command = $"PGPASSFILE='{server.Server.PasswordFile}' psql -h 127.0.0.1 -p {server.Server.Port} -U postgres {databaseName}";
        environment.Parts.AddCommand(command);
        environment.Lines.Write(Name, $"look at the ticks with: {command}");
    }
}
