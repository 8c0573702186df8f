using System.Net;
using CloudTicks.Benchmarks.Comparing.Machine;
using CloudTicks.Benchmarks.Hub;
using CloudTicks.Benchmarks.Relaying.Feed;
using CloudTicks.Benchmarks.Soak;
using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.Benchmarks.Relaying;

/// <summary>An event hub and a relay, each in its own process.</summary>
internal sealed class RelayedSystem : IAsyncDisposable
{
    private const string LibrdkafkaVariable = "CLOUDTICKS_LIBRDKAFKA";

    private readonly DirectoryInfo _folder;
    private readonly HubProgram _hub;
    private readonly ServiceProgram _relay;

    private RelayedSystem(DirectoryInfo folder, HubProgram hub, ServiceProgram relay) => (_folder, _hub, _relay) = (folder, hub, relay);

    public IPEndPoint Hub => _hub.Address;

    public Uri Relay => _relay.Address;

    public int RelayPid => _relay.Pid;

    public string Folder => _folder.FullName;

    /// <summary>The last lines of the relay's log.</summary>
    public string LogTail => _relay.LogTail;

    /// <summary>
    /// The processor time since the start, in seconds, of the relay, the event hub, and this process with its clients and producer.
    /// </summary>
    public (double Relay, double Hub, double Clients) Processor => (
        ProcessReading.Of(_relay.Pid).ProcessorSeconds, ProcessReading.Of(_hub.Pid).ProcessorSeconds,
        Environment.CpuUsage.TotalTime.TotalSeconds);

    /// <param name="prepare">Fills the archive before the relay starts.</param>
    public static async Task<RelayedSystem> StartAsync(
        CancellationToken cancellationToken, Func<IPEndPoint, Task>? prepare = null)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        Environment.SetEnvironmentVariable(LibrdkafkaVariable, installation.Librdkafka);
        var folder = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
        var hub = await HubProgram.StartAsync(Path.Combine(folder.FullName, "hub"), cancellationToken);
        try
        {
            using (var client = new WireClient(hub.Address))
            {
                client.CreateTopic(QuoteProducer.Topic, QuoteProducer.Partitions);
            }

            await (prepare?.Invoke(hub.Address) ?? Task.CompletedTask);
            var relay = await ServiceProgram.StartAsync(
                "RelayProgram",
                new Dictionary<string, string?>
                {
                    [LibrdkafkaVariable] = installation.Librdkafka,
                    ["ConnectionStrings__eventhubs"] = hub.Address.ToString(),
                    ["CentralHub__Folder"] = folder.FullName,
                    ["Relay__RequestsPerSecond"] = "100000",
                    // The same setting as in AppHost.
                    ["DOTNET_gcServer"] = "0",
                },
                cancellationToken);
            return new RelayedSystem(folder, hub, relay);
        }
        catch
        {
            await hub.DisposeAsync();
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        await _hub.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
