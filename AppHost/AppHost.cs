using System.Text.Json;
using CloudTicks.AppHost;

var builder = DistributedApplication.CreateBuilder(args);

// Without a key, AppHost uses the simulator. A collector that is started alone without a key refuses to start.
var apiKey = builder.Configuration["POLYGON_API_KEY"];
var isSimulated = string.IsNullOrEmpty(apiKey);
var feed = isSimulated ? "simulated" : "polygon";

// Third-party servers. Set ConnectionStrings__timescale, __nats or __eventhubs to use an existing server instead.
IResourceBuilder<IResourceWithConnectionString> timescale = IsOwn("timescale")
    ? builder.AddConnectionString("timescale")
    : builder.AddPostgres("postgres", port: 5433).WithImage("timescale/timescaledb", "2.19.3-pg17").WithDataVolume()
        .AddDatabase("timescale", $"cloudticks_{feed}");

IResourceBuilder<IResourceWithConnectionString> nats = IsOwn("nats")
    ? builder.AddConnectionString("nats")
    : builder.AddNatsServers("nats");

IResourceBuilder<IResourceWithConnectionString> eventHubs;
if (IsOwn("eventhubs"))
{
    eventHubs = builder.AddConnectionString("eventhubs");
}
else
{
    var hubs = builder.AddAzureEventHubs("eventhubs").RunAsEmulator();
    var partitions = Flavour.PartitionsOf(builder.Configuration);
    var archive = hubs.AddHub("tick-archive", "tick_archive").WithProperties(hub => hub.PartitionCount = partitions);
    archive.AddConsumerGroup("timescale-group", "timescale");
    archive.AddConsumerGroup("nats-group", "nats");
    hubs.AddHub("tick-archive-dead", "tick_archive.dead").WithProperties(hub => hub.PartitionCount = 1);
    eventHubs = hubs;
}

var isReplay = builder.Configuration.GetSection("Parameters:replay").GetChildren().Any();
// The hosts share the partitions. The first host uses the default ports and creates the tables; the others wait for it.
IResourceBuilder<AzureFunctionsProjectResource>? firstHost = null;
var hosts = Enumerable.Range(1, Flavour.FunctionHostsOf(builder.Configuration)).Select(AddFunctions).ToList();
var functions = hosts[0];

IResourceBuilder<ProjectResource>? simulator = null;
IResourceBuilder<ParameterResource>? key = null;
if (isSimulated)
{
    simulator = builder.AddProject<Projects.CloudTicks_Simulator>("simulator")
        .WithHttpEndpoint(port: 8100, name: "http").WithHttpHealthCheck("/health");
    PassOn("rate", simulator, "Simulator__Rate");
    foreach (var recording in builder.Configuration.GetSection("Parameters:replay").GetChildren())
    {
        PassOn($"replay:{recording.Key}", simulator, $"Simulator__Replay__{recording.Key}");
    }

    PassOn("speed", simulator, "Simulator__Speed");
    PassOn("timestamps", simulator, "Simulator__Timestamps");
}
else
{
    builder.Configuration["Parameters:polygon-api-key"] = apiKey;
    key = builder.AddParameter("polygon-api-key", secret: true);
}

// Collectors start after the functions, so that consumers are ready for the first tick. Several collectors share the symbols; each has
// its own data folder.
var count = Flavour.CollectorsOf(builder.Configuration, isUserProvidedStream: IsOwn("eventhubs"));
var collectors = Enumerable.Range(1, count).Select(AddCollector).ToList();

// The relay serves any number of Polygon clients, while only the collectors connect to Polygon.
var relay = Flavour.HasRelay(isUserProvidedStream: IsOwn("eventhubs")) ? AddRelay() : null;

// The dashboard queries every service, so it starts last; it reports services that become unreachable later.
var dashboard = builder.AddProject<Projects.CloudTicks_Dashboard>("dashboard")
    .WithHttpEndpoint(port: 8080, name: "http").WithHttpHealthCheck("/health")
    .WithReference(nats)
    .WithEnvironment("Dashboard__Functions", functions.GetEndpoint("http"))
    .WaitFor(nats).WaitFor(functions);
foreach (var number in Enumerable.Range(0, collectors.Count))
{
    dashboard.WithEnvironment($"Dashboard__Collectors__{number}", collectors[number].GetEndpoint("http")).WaitFor(collectors[number]);
}

if (relay is not null)
{
    dashboard.WithEnvironment("Dashboard__Relay", relay.GetEndpoint("http")).WaitFor(relay);
}

if (isSimulated)
{
    // The dashboard displays how much data the folder may hold.
    PassOn("max-disk", dashboard, "Dashboard__MaxDiskBytes");
}

// Adds what Azure needs: storage for the Functions runtime, and keys for forwarded requests.
Flavour.AddAzureParts(functions, collectors, dashboard, relay);

builder.Build().Run();

bool IsOwn(string service) => !string.IsNullOrEmpty(builder.Configuration.GetConnectionString(service));

void PassOn<T>(string parameter, IResourceBuilder<T> resource, string setting)
    where T : IResourceWithEnvironment
{
    if (builder.Configuration[$"Parameters:{parameter}"] is { Length: > 0 } value)
    {
        resource.WithEnvironment(setting, value);
    }
}

// The functions contain the central hub and, like the collectors, read its documents. A replay ignores the documents, because the recording
// determines the symbols.
IResourceBuilder<AzureFunctionsProjectResource> AddFunctions(int number)
{
    var name = number == 1 ? "functions" : $"functions-{number}";
    var host = builder.AddAzureFunctionsProject<Projects.CloudTicks_Functions>(name)
        .WithHttpHealthCheck("/health")
        .WithReference(eventHubs).WithReference(timescale).WithReference(nats)
        .WithEnvironment("DbCommand__FeedName", feed)
        .WaitFor(eventHubs).WaitFor(timescale).WaitFor(nats);
    if (firstHost is null)
    {
        firstHost = host;
    }
    else
    {
        host.WaitFor(firstHost);
    }

    if (!IsOwn("eventhubs"))
    {
        // The event hub serves this run only, so the instance name is unique: a restarted host gets its partitions back without waiting for
        // a session timeout.
        host.WithEnvironment("FunctionsHosting__InstanceId", name);
    }

    if (builder.Configuration["Parameters:age-check"] == "false")
    {
        host.WithEnvironment("Timescale__RetentionWindow", "");
    }

    // The collectors' document initially has the symbols from the command line; users can change it later.
    if (builder.Configuration["Parameters:symbols"] is { Length: > 0 } symbols)
    {
        var names = symbols.Split([',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        host.WithEnvironment(
            "CentralHub__Defaults__polygon-live-collector", JsonSerializer.Serialize(new { operational = new { symbols = names } }));
    }

    if (!isReplay)
    {
        host.WithEnvironment("CentralHub__Endpoint", firstHost.GetEndpoint("http"));
    }

    if (builder.Configuration["Parameters:data"] is { Length: > 0 } folder)
    {
        host.WithEnvironment("CentralHub__Folder", Path.Combine(folder, feed, number == 1 ? "central-hub" : $"central-hub-{name}"));
        if (builder.Configuration["Parameters:lake"] == "true")
        {
            // The lake is next to the feed's folder. It counts towards the size limit, but is never trimmed.
            host.WithEnvironment("Lake__Folder", Path.Combine(folder, "lake", feed));
        }
    }

    return host;
}

IResourceBuilder<ProjectResource> AddCollector(int number)
{
    var name = number == 1 ? "collector" : $"collector-{number}";
    var collector = builder.AddProject<Projects.CloudTicks_Collector>(name)
        .WithHttpEndpoint(port: 7999 + number, name: "http").WithHttpHealthCheck("/health")
        .WithReference(eventHubs).WithReference(nats)
        .WithEnvironment("Collector__FeedName", feed)
        .WaitFor(eventHubs);
    foreach (var host in hosts)
    {
        collector.WaitFor(host);
    }

    if (count > 1)
    {
        collector.WithEnvironment("Collector__Group", feed).WithEnvironment("Collector__InstanceId", name);
    }

    if (!isReplay)
    {
        collector.WithEnvironment("CentralHub__Endpoint", functions.GetEndpoint("http"));
    }

    if (builder.Configuration["Parameters:data"] is { Length: > 0 } folder)
    {
        collector.WithEnvironment("CentralHub__Folder", Path.Combine(folder, feed, number == 1 ? "central-hub" : $"central-hub-{number}"));
        collector.WithEnvironment("Collector__DataFolder", Path.Combine(folder, feed, name));
    }

    if (isSimulated && string.IsNullOrEmpty(builder.Configuration["Collector:BackfillDelay"]))
    {
        // The simulator's history is complete up to the present.
        collector.WithEnvironment("Collector__BackfillDelay", "00:00:01");
    }

    PassOn("symbols", collector, "Collector__Symbols");
    PassOn("age-check", collector, "Collector__AgeCheck");
    if (builder.Configuration["Parameters:speed"] == "max")
    {
        // A recording can wait for the event hub, so no tick has to be spooled to disk or dropped.
        collector.WithEnvironment("Collector__FeedWaits", "true");
    }

    return simulator is null
        ? collector.WithEnvironment("POLYGON_API_KEY", key!)
        : collector.WaitFor(simulator)
            .WithEnvironment("Polygon__Endpoint", simulator.GetEndpoint("http"))
            .WithEnvironment("POLYGON_API_KEY", "simulated");
}

IResourceBuilder<ProjectResource> AddRelay()
{
    var relayProject = builder.AddProject<Projects.CloudTicks_Relay>("relay")
        .WithHttpEndpoint(port: 8200, name: "http").WithHttpHealthCheck("/health")
        .WithReference(eventHubs).WithReference(timescale).WithReference(nats)
        .WaitFor(eventHubs).WaitFor(timescale).WaitFor(functions);
    foreach (var collector in collectors)
    {
        relayProject.WaitFor(collector);
    }

    if (!isReplay)
    {
        relayProject.WithEnvironment("CentralHub__Endpoint", functions.GetEndpoint("http"));
    }

    if (builder.Configuration["Parameters:data"] is { Length: > 0 } folder)
    {
        relayProject.WithEnvironment("CentralHub__Folder", Path.Combine(folder, feed, "central-hub-relay"));
        if (builder.Configuration["Parameters:lake"] == "true")
        {
            relayProject.WithEnvironment("Lake__Folder", Path.Combine(folder, "lake", feed));
        }
    }

    return relayProject;
}
