using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// An event hub for the whole test process. A test that kills or restarts an event hub uses its own <see cref="EventHubProcess"/>, or a
/// fixture that no other test class uses.
/// </summary>
public sealed class EventHubFixture : IAsyncLifetime
{
    private EventHubProcess? _hub;

    /// <summary>The running event hub.</summary>
    public EventHubProcess Hub => _hub ?? throw new InvalidOperationException("The fixture was not initialized.");

    /// <summary>The address for Kafka clients, <c>127.0.0.1:PORT</c>.</summary>
    public string BootstrapServers => Hub.BootstrapServers;

    /// <summary>Starts the event hub.</summary>
    public async ValueTask InitializeAsync() => _hub = await EventHubProcess.StartAsync();

    /// <summary>Stops the event hub and deletes its data.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_hub is not null)
        {
            await _hub.DisposeAsync();
        }
    }
}
