using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>A function app as users write it, run as a separate process. It prints a line for each handled event.</summary>
internal static class FunctionApp
{
    public const string Argument = "function-app";

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = new FunctionsApplicationBuilder(args, [typeof(PrintEvents)]); // excludes the other functions of this assembly
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.ClearProviders();
        builder.Services.PostConfigure<HostOptions>(options => options.ShutdownTimeout = TestHost.ShutdownTime);
        await builder.Build().RunAsync();
        return 0;
    }
}

/// <summary>The function of <see cref="FunctionApp"/>.</summary>
internal static class PrintEvents
{
    [Function("PrintEvents")]
    public static async Task RunAsync(
        [EventHubTrigger("%topic%", Connection = "eventhubs", ConsumerGroup = "%group%")] EventData[] events, FunctionContext context)
    {
        foreach (var data in events)
        {
            await Console.Out.WriteLineAsync(
                $"{RecordEvents.PartitionOf(context)} {data.SequenceNumber} {data.EventBody.ToString().Trim()}");
        }

        await Console.Out.FlushAsync();
    }
}
