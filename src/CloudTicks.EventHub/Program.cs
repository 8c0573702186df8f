using CloudTicks.EventHub.Hosting;

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(HelpText.Text);
    return 0;
}

try
{
    var builder = WebApplication.CreateBuilder();
    builder.AddEventHub(LogArguments.Complete(args));
    builder.AddServiceDefaults();
    await using var app = builder.Build();
    app.UseServiceDefaults();
    return await app.RunEventHubAsync();
}
catch (LogSettingException e)
{
    return e.Tell();
}
catch (HubStartException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
