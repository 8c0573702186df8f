using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs a service from its start to its end.</summary>
public static class ServiceRun
{
    /// <summary>Runs the host until it is stopped, and disposes of it. Stopping the host during its start is not an error.</summary>
    public static async Task RunServiceAsync(this IHost host)
    {
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            if (await HasStartedAsync(host, stopping))
            {
                await WaitForStopAsync(host, stopping);
            }
        }
        finally
        {
            await ((IAsyncDisposable)host).DisposeAsync();
        }
    }

    private static async Task WaitForStopAsync(IHost host, CancellationToken stopping)
    {
        try
        {
            await host.WaitForShutdownAsync(CancellationToken.None);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping exceeded its time limit; the host is disposed of anyway.
        }
    }

    private static async Task<bool> HasStartedAsync(IHost host, CancellationToken stopping)
    {
        try
        {
            await host.StartAsync(CancellationToken.None);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
        catch
        {
            // Stop the services that have started: otherwise the host would log their cancellation as a failure.
            await host.StopAsync(CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
