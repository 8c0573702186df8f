using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

try
{
    var builder = FunctionsApplication.CreateBuilder(LogArguments.Complete(args));
    builder.Configuration.AddDefaults();
    builder.AddServiceDefaults();
    builder.AddCentralHub(ServiceNames.Functions);
    builder.ConfigureFunctionsWebApplication();
    builder.Services.AddTickFunctions(builder.Configuration);
    using var host = builder.Build();
    await host.BeginCentralHubAsync();
    host.CheckSettings();
    await host.RunServiceAsync();
    return Environment.ExitCode;
}
catch (LogSettingException problem)
{
    return problem.Tell();
}
catch (Exception problem) when (problem is FormatException or OptionsValidationException or InvalidOperationException or DllNotFoundException
    or IOException) // a port is taken
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, SettingProblem.Sentences(problem)));
    return 1;
}
