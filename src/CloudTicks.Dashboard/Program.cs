using CloudTicks.Dashboard;
using Microsoft.Extensions.Options;

try
{
    var builder = WebApplication.CreateBuilder(
        new WebApplicationOptions { Args = ServiceArguments.Read(args, "the dashboard"), ContentRootPath = AppContext.BaseDirectory });
    builder.Configuration.AddDefaults();
    builder.ListenByDefaultOn(8080);
    builder.AddServiceDefaults();
    builder.AddDashboard();
    await using var app = builder.Build();
    app.MapDashboard();
    await app.RunServiceAsync();
    return 0;
}
catch (LogSettingException exception)
{
    return exception.Tell();
}
catch (Exception exception) when (exception is FormatException or OptionsValidationException or InvalidOperationException or DllNotFoundException
    or IOException) // the port is taken
{
    return StartRefusal.Tell(exception);
}
