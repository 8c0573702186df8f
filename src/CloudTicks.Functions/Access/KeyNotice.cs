using CloudTicks.CentralHub.Access;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Access;

/// <summary>Logs once, when the host listens, that every caller needs a key and how to create the first key.</summary>
internal sealed class KeyNotice(LocalCallers local, EnvironmentKeys environment, ILogger<KeyNotice> logger) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (local.IsEmpty)
        {
            logger.KeysRequired(environment.HasWriter
                ? $"{AccessKey.FirstWriterVariable} is one."
                : $"To create the first key, set {AccessKey.FirstWriterVariable}.");
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
