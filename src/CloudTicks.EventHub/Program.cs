using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Settings;

return await ServiceProgram.RunAsync(args, HelpText.Text, async () =>
{
    var builder = WebApplication.CreateBuilder();
    builder.AddEventHub(LogArguments.Complete(args));
    builder.AddServiceDefaults();
    await using var app = builder.Build();
    app.UseServiceDefaults();
    return await app.RunEventHubAsync();
});
