using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Settings;

return await ServiceProgram.RunAsync(args, HelpText.Text, async () =>
{
    // The content root is not the working directory, because the host watches it recursively and would also watch the data folder.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
    builder.AddEventHub(LogArguments.Complete(args));
    builder.AddServiceDefaults();
    await using var app = builder.Build();
    app.UseServiceDefaults();
    return await app.RunEventHubAsync();
});
