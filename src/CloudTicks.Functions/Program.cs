using CloudTicks.CentralHub.Client;
using CloudTicks.Functions;
using CloudTicks.ServiceDocuments.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var help = ServiceHelp.Text(
    "CloudTicks.Functions",
    "stores the archive's ticks in TimescaleDB, publishes them on NATS, and serves as the central hub",
    "http://127.0.0.1:7071, 7000 and 9100",
    "ConnectionStrings__eventhubs=... ConnectionStrings__timescale=... ConnectionStrings__nats=... CloudTicks.Functions",
    "CloudTicks.Functions --urls http://127.0.0.1:7072 --Timescale:Writers 4");
return await ServiceProgram.RunAsync(args, help, async () =>
{
    // Azure Functions starts the program with its own arguments, so only our own host refuses unknown ones.
    var builder = FunctionsApplication.CreateBuilder(LogArguments.Complete(args));
    // Also listen on the well-known ports: one for the central hub, and one for programs that post ticks to /db_command.
    builder.Configuration.AddDefaults([new("FunctionsHosting:FurtherPorts:0", "7000"), new("FunctionsHosting:FurtherPorts:1", "9100")]);
    builder.AddServiceDefaults();
    builder.AddCentralHub(new FunctionsDefinition());
    builder.ConfigureFunctionsWebApplication();
    builder.Services.AddTickFunctions(builder.Configuration);
    using var host = builder.Build();
    await host.BeginCentralHubAsync();
    host.CheckSettings();
    await host.RunServiceAsync();
    return Environment.ExitCode;
});
