using CloudTicks.CentralHub.Access;
using CloudTicks.Relay;
using CloudTicks.Relay.Archive;

var help = ServiceHelp.Text(
    "CloudTicks.Relay",
    "serves live ticks and history to Polygon clients",
    "http://127.0.0.1:8200",
    "CloudTicks.Relay --ConnectionStrings:eventhubs 127.0.0.1:9092",
    "ConnectionStrings__eventhubs=127.0.0.1:9092 CloudTicks.Relay --urls http://127.0.0.1:8201");
return await ServiceProgram.RunAsync(args, help, async () =>
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = ServiceArguments.Read(args, "the relay"), ContentRootPath = AppContext.BaseDirectory });
    builder.ListenByDefaultOn(8200);
    builder.AddServiceDefaults();
    builder.AddGate("relay", 8200);
    builder.AddRelay();
    await using var app = builder.Build();
    app.MapRelay();
    var tail = app.Services.GetRequiredService<ArchiveTail>();
    await app.RunServiceAsync();
    return tail.ExecuteTask is { IsFaulted: true } ? ServiceExitCodes.Failed : ServiceExitCodes.Stopped;
});
