using System.Net.Sockets;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Abuse.Abuses;

/// <summary>Clients that reconnect when the event hub closes their connections.</summary>
internal static class ReconnectingClients
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a number of clients concurrently and asynchronously.</summary>
    public static Task RunAsync(int count, Func<int, CancellationToken, Task> misbehave, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => ReconnectAsync(i, misbehave, cancellationToken)));

    /// <summary>Runs a number of clients concurrently, each on its own thread.</summary>
    public static Task RunThreadsAsync(int count, Action<int, CancellationToken> misbehave, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Factory.StartNew(
            () => ReconnectAsync(i, (number, cancel) => { misbehave(number, cancel); return Task.CompletedTask; }, cancellationToken),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));

    private static async Task ReconnectAsync(int number, Func<int, CancellationToken, Task> misbehave, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await misbehave(number, cancellationToken);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or BenchmarkException)
            {
                await Task.Delay(ReconnectDelay, TimeProvider.System, CancellationToken.None);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
