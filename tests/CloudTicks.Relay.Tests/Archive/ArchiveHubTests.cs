using CloudTicks.TestServices;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>Tests with a separate event hub, whose archive is empty at the start and which a test may kill.</summary>
public abstract class ArchiveHubTests : IAsyncLifetime
{
    private protected const int Partitions = 4;

    private EventHubProcess? _hub;

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected long StartMs { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    private protected EventHubProcess Hub => _hub!;

    public async ValueTask InitializeAsync()
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        await ArchiveWriter.CreateTopicsAsync(Hub.BootstrapServers, Partitions, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }
}
