using CloudTicks.Simulator;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateBuilder(ServiceArguments.Read(args, "the simulator"));
    builder.AddServiceDefaults();
    builder.AddSimulator();
    await using var app = builder.Build();
    app.UseServiceDefaults();
    app.MapSimulator();
    await app.RunServiceAsync();
    return 0;
}
catch (LogSettingException e)
{
    return e.Tell();
}
catch (Exception e) when (e is SimulatorStartException or OptionsValidationException or InvalidOperationException)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, SettingProblem.Sentences(e)));
    return 1;
}
