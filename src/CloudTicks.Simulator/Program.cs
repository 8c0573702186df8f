using CloudTicks.Simulator;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateBuilder(LogArguments.Complete(args));
    builder.AddServiceDefaults();
    builder.AddSimulator();
    await using var app = builder.Build();
    app.MapDefaultEndpoints();
    app.MapSimulator();
    await app.RunServiceAsync();
    return 0;
}
catch (LogSettingException e)
{
    return e.Tell();
}
catch (Exception e) when (e is SimulatorStartException or OptionsValidationException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
