using CloudTicks.CentralHub.Access;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Access;

/// <summary>If every caller needs a key, logs this after startup, and how to get the first key.</summary>
internal sealed class KeyNotice(LocalCallers local, EnvironmentKeys environment, ILogger<KeyNotice> logger) : IHostedLifecycleService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (local.IsEmpty)
        {
            logger.KeysRequired(environment.HasWriter
                ? $"{AccessKey.FirstWriterVariable} contains one."
                : $"To create the first key, set {AccessKey.FirstWriterVariable}.");
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
