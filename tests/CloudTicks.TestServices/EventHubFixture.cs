using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// A local event hub of the test process's own. A test that kills or restarts it takes an <see cref="EventHubProcess"/> of its
/// own, or has the fixture to itself.
/// </summary>
public sealed class EventHubFixture : IAsyncLifetime
{
    private EventHubProcess? _hub;

    /// <summary>The running hub.</summary>
    public EventHubProcess Hub => _hub ?? throw new InvalidOperationException("The fixture was not initialized.");

    /// <summary>The address for Kafka clients, <c>127.0.0.1:PORT</c>.</summary>
    public string BootstrapServers => Hub.BootstrapServers;

    /// <summary>Starts the hub.</summary>
    public async ValueTask InitializeAsync() => _hub = await EventHubProcess.StartAsync();

    /// <summary>Stops the hub and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }
}
