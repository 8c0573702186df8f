using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Settings;

return await ServiceProgram.RunAsync(args, HelpText.Text, async () =>
{
    // Not the working directory: its settings file would be watched, and with it every write below it, the data folder's too.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
    builder.AddEventHub(LogArguments.Complete(args));
    builder.AddServiceDefaults();
    await using var app = builder.Build();
    app.UseServiceDefaults();
    return await app.RunEventHubAsync();
});
