using CloudTicks.AppHost.Local.Lines;
using CloudTicks.Verification.Places;
using Npgsql;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Records the addresses of the parts of this run in the data folder, for the <c>cloudticks</c> commands.</summary>
internal static class SystemNote
{
    public static void Write(DistributedApplicationBuilder builder, LocalEnvironment environment)
    {
        try
        {
            Of(builder, environment.Time).Write(environment.Folder(""));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            environment.Lines.Write(
                "run", LineLevel.Warning,
                $"the addresses of the servers cannot be saved, so cloudticks needs them as options or variables: {refused.Message}");
        }
    }

    public static void Remove(LocalEnvironment environment)
    {
        try
        {
            RunningSystem.Remove(environment.Folder(""));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            environment.Lines.Write(
                "run", LineLevel.Warning, $"{RunningSystem.FileName} cannot be removed from the data folder: {refused.Message}");
        }
    }

    private static RunningSystem Of(DistributedApplicationBuilder builder, TimeProvider time)
    {
        var resources = builder.Resources;
        var simulator = resources.OfType<ProjectResource>().FirstOrDefault(resource => resource.Name == "simulator");
        var functions = resources.OfType<AzureFunctionsProjectResource>().First();
        return new RunningSystem
        {
            Feed = simulator is null ? "polygon" : "simulated",
            Started = time.GetUtcNow(),
            Collectors = [.. builder.Collectors.Select(collector => collector.Address)],
            Hub = functions.Address,
            HubAddresses = functions.Addresses,
            Dashboard = StartedReader(resources, "dashboard"),
            Relay = StartedReader(resources, "relay"),
            FollowsHub =
                builder.Collectors.Any(collector => collector.Environment.Exists(setting => setting.Name == "CentralHub__Endpoint")),
            Simulator = simulator?.Address,
            EventHub = resources.OfType<AzureEventHubsResource>().FirstOrDefault()?.ConnectionString,
            Nats = resources.OfType<NatsServerResource>().FirstOrDefault()?.ConnectionString,
            NatsMonitors = [.. resources.OfType<NatsServerResource>().SelectMany(nats => nats.Servers).Select(server => server.MonitorUrl)],
            Database = resources.OfType<PostgresDatabaseResource>().FirstOrDefault() is { } database
                ? AddressOf(database, resources.OfType<PostgresServerResource>().First()) : null,
        };
    }

    private static Uri? StartedReader(IEnumerable<IResource> resources, string name) =>
        resources.OfType<ProjectResource>().FirstOrDefault(resource => resource.Name == name && !resource.Address.IsDefaultPort)?.Address;

    private static DatabaseAddress AddressOf(PostgresDatabaseResource database, PostgresServerResource server)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        return new DatabaseAddress(
            settings.Host!, settings.Port, settings.Database!, settings.Username!, Path.GetFullPath(server.Server.PasswordFile));
    }
}
