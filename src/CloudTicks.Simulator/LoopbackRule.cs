using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator;

/// <summary>Other addresses than the loopback one are served only where a key is asked for.</summary>
internal sealed class LoopbackRule(IServer server, IOptions<SimulatorOptions> options) : IHostedLifecycleService
{
    /// <exception cref="SimulatorStartException">The server listens where it may not.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (options.Value.ApiKey.Length == 0 && addresses.FirstOrDefault(address => !IsLoopback(address)) is { } open)
        {
            throw new SimulatorStartException(
                $"The simulator does not listen on {open} without a key: set Simulator:ApiKey, or listen on a loopback address (--urls http://127.0.0.1:8100).");
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Whether an address of the server's is reached from this machine alone. Wildcards (*, +, 0.0.0.0) are not.</summary>
    internal static bool IsLoopback(string address)
    {
        var host = BindingAddress.Parse(address).Host.Trim('[', ']');
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
