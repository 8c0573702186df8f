using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using ServiceDefaults.Access;

namespace CloudTicks.Simulator;

/// <summary>Stops the startup when a key is required and none is configured.</summary>
internal sealed class LoopbackRule(IServer server, KeylessCallers callers, IOptions<SimulatorOptions> options) : IHostedLifecycleService
{
    /// <exception cref="StartException">A key is required and none is configured.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (options.Value.ApiKey.Length == 0 && callers.IsEmpty)
        {
            var open = addresses.FirstOrDefault(address => !LocalRule.IsLoopbackOnly([address]));
            throw new StartException(open is null
                ? "Listening:RequireKeys requires a key from every caller, and the simulator has none: set Simulator:ApiKey."
                : $"The simulator does not listen on {open} without a key: set Simulator:ApiKey, or listen on a loopback address (--urls "
                    + $"http://127.0.0.1:8100).");
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
