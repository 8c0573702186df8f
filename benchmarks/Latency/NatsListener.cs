using CloudTicks.LocalServices;
using CloudTicks.LocalServices.Installation;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Benchmarks.Latency;

/// <summary>A subscriber of a measured system's NATS server.</summary>
internal sealed class NatsListener : IAsyncDisposable
{
    private const string LibnatsVariable = "CLOUDTICKS_LIBNATS";

    private readonly ServiceProvider _services;

    private NatsListener(string address) => _services = new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:nats", $"nats://{address}")]).Build())
        .AddNatsSubscriber()
        .BuildServiceProvider();

    public NatsSubscriber Subscriber => _services.GetRequiredService<NatsSubscriber>();

    /// <summary>Creates the subscriber with the libnats that AppHost uses.</summary>
    public static async Task<NatsListener> CreateAsync(string address, CancellationToken cancellationToken)
    {
        var installation = await LocalInstallation.EnsureAsync(new InstallationReport(Console.Error), cancellationToken);
        Environment.SetEnvironmentVariable(LibnatsVariable, installation.Libnats);
        return new NatsListener(address);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
