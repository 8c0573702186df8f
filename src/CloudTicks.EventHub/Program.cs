using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Settings;

return await ServiceProgram.RunAsync(args, HelpText.Text, async () =>
{
    // Not the working directory: the host watches the settings file's folder recursively, and would watch the data folder with it.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
    builder.AddEventHub(LogArguments.Complete(args));
    builder.AddServiceDefaults();
    await using var app = builder.Build();
    app.UseServiceDefaults();
    return await app.RunEventHubAsync();
});
