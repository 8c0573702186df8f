using CloudTicks.EventHub.Hosting;

try
{
    var builder = WebApplication.CreateBuilder();
    builder.AddServiceDefaults();
    builder.AddEventHub(args);
    await using var app = builder.Build();
    app.MapDefaultEndpoints();
    return await app.RunEventHubAsync();
}
catch (HubStartException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
