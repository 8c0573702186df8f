using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Explaining;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Collection;
using CloudTicks.Collector.Gaps;
using CloudTicks.ServiceDocuments;
using CloudTicks.ServiceDocuments.Collector;

var help = ServiceHelp.Text(
    "CloudTicks.Collector",
    "collects the ticks of Polygon or the simulator into the archive",
    "http://127.0.0.1:8000",
    "POLYGON_API_KEY=... ConnectionStrings__eventhubs=127.0.0.1:9092 CloudTicks.Collector --Collector:Symbols EURUSD,AAPL",
    "CloudTicks.Collector --urls http://127.0.0.1:8001 --CentralHub:Endpoint http://127.0.0.1:7000");
return await ServiceProgram.RunAsync(args, help, async () =>
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions
        {
            Args = ServiceArguments.Read(args, "the collector", "--settings"),
            ContentRootPath = AppContext.BaseDirectory,
        });
    // The collector waits for acknowledgements itself and must exit within 5 s of SIGTERM.
    builder.Configuration.AddDefaults([new("EventStream:Producer:DrainTimeout", "00:00:01")]);
    builder.Configuration.AddSettingsFile(TimeProvider.System);
    builder.ListenByDefaultOn(8000);
    builder.AddServiceDefaults();
    builder.AddCentralHub(new CollectorDefinition());
    builder.AddGate("collector", 8000);
    builder.Services.AddCollection(builder.Configuration);
    builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
    var app = builder.Build();
    await app.BeginCentralHubAsync();
    var collector = app.Services.GetRequiredService<CollectorService>();
    app.UseServiceDefaults();
    app.UseGate();
    app.MapGet("/api/v1/status", collector.GetStatus);
    app.MapGet("/api/v1/latency", collector.GetLatency);
    app.MapGet("/api/v1/symbols", collector.GetSymbols);
    app.MapGet(
        "/api/v1/settings", (SettingsResponse settings) => Results.Bytes(settings.ToJson(ServiceNames.Collector), "application/json"));
    app.MapGaps();
    await app.RunServiceAsync();
    return collector.ExecuteTask is { IsFaulted: true } ? ServiceExitCodes.Failed : ServiceExitCodes.Stopped;
});
