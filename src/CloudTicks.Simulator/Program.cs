using CloudTicks.Simulator;

var help = ServiceHelp.Text(
    "CloudTicks.Simulator",
    "a Polygon-compatible server of synthetic or recorded ticks, with faults on demand",
    "http://127.0.0.1:8100",
    "CloudTicks.Simulator --Simulator:Rate 20000",
    "CloudTicks.Simulator --Simulator:Replay eurusd-20140508-quotes.zip --Simulator:Speed max");
return await ServiceProgram.RunAsync(args, help, async () =>
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = ServiceArguments.Read(args, "the simulator"), ContentRootPath = AppContext.BaseDirectory });
    builder.AddServiceDefaults();
    builder.AddSimulator();
    await using var app = builder.Build();
    app.UseServiceDefaults();
    app.MapSimulator();
    await app.RunServiceAsync();
    return ServiceExitCodes.Stopped;
});
