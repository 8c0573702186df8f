using CloudTicks.EventStream;
using CloudTicks.Lake;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>Writes a lake as LakeTicks does.</summary>
internal static class ArchiveLake
{
    /// <summary>Writes all current records of the archive to a lake in the folder.</summary>
    public static async Task WriteAsync(string hubAddress, TemporaryFolder folder, CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:eventhubs"] = hubAddress,
            ["Lake:Folder"] = folder.Path,
            ["Lake:Interval"] = "0",
            ["Lake:MergeAfter"] = "1.00:00:00",
        }).Build();
        await using var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(TimeProvider.System)
            .AddSingleton<IConfiguration>(configuration).AddEventStream(configuration).AddLake().BuildServiceProvider();
        var consumer = services.GetRequiredService<LakeConsumer>();
        await consumer.RunAsync(cancellationToken);
        consumer.Status!.Rows.ShouldBePositive();
    }
}
