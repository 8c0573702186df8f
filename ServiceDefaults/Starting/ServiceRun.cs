using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Runs a service from its start to its end.</summary>
public static class ServiceRun
{
    /// <summary>
    /// Runs the host until it is told to stop, and disposes of it. Being told to stop in the middle of the start is a stop like any
    /// other: the framework ends such a start with an exception, which would end the program as a crash.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <returns>A task that completes when everything has stopped.</returns>
    public static async Task RunServiceAsync(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await host.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What had started was stopped and disposed of.
        }
    }
}
