using System.Text.Json;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Explaining;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Collection;
using CloudTicks.Collector;
using CloudTicks.Collector.Access;
using CloudTicks.Collector.Gaps;
using Microsoft.Extensions.Options;

WebApplication app;
CollectorService collector;
try
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = ServiceArguments.Read(args, "the collector"), ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddDefaults();
    builder.Configuration.AddSettingsFile();
    builder.ListenByDefaultOn(8000);
    builder.AddServiceDefaults();
    builder.AddCentralHub(ServiceNames.Collector);
    builder.AddGate();
    builder.Services.AddCollection(builder.Configuration);
    builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
    app = builder.Build();
    await app.BeginCentralHubAsync();
    collector = app.Services.GetRequiredService<CollectorService>();
}
catch (LogSettingException exception)
{
    return exception.Tell();
}
catch (Exception exception) when (exception is OptionsValidationException or FormatException or InvalidOperationException)
{
    return StartRefusal.Tell(exception);
}

app.UseServiceDefaults();
app.UseGate();
app.MapGet("/api/v1/status", collector.GetStatus);
app.MapGet("/api/v1/symbols", collector.GetSymbols);
app.MapGet("/api/v1/settings", (SettingsAnswer settings) => Results.Bytes(settings.ToJson(ServiceNames.Collector), "application/json"));
app.MapGaps();
try
{
    await app.RunServiceAsync();
    return collector.ExecuteTask is { IsFaulted: true } ? 1 : 0;
}
catch (IOException exception)
{
    // The port is taken.
    return StartRefusal.Tell(exception);
}
