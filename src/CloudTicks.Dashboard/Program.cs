using CloudTicks.Dashboard;

var help = ServiceHelp.Text(
    "CloudTicks.Dashboard",
    "serves the page: live prices, the state of the pipeline, and the settings of the central hub",
    "http://127.0.0.1:8080",
    "CloudTicks.Dashboard --Dashboard:Functions http://127.0.0.1:7071 --Dashboard:Collectors:0 http://127.0.0.1:8000",
    "CLOUDTICKS_HUB_KEY=... CloudTicks.Dashboard --Dashboard:Functions https://hub.example.com");
return await ServiceProgram.RunAsync(args, help, async () =>
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = ServiceArguments.Read(args, "the dashboard"), ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddDefaults([new("ConnectionStrings:nats", "nats://127.0.0.1:4222")]);
    builder.ListenByDefaultOn(8080);
    builder.AddServiceDefaults();
    builder.AddDashboard();
    await using var app = builder.Build();
    app.MapDashboard();
    await app.RunServiceAsync();
    return ServiceExitCodes.Stopped;
});
