using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>Kills the functions, the event hub and the database (SIGKILL), and restarts each of them.</summary>
internal sealed class RandomKills(TestSystem system, OwnPostgres postgres)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(200);

    private FunctionsProcess? _writer;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public int Kills { get; private set; }

    public async Task<FunctionsProcess> StartWriterAsync() =>
        _writer = await system.StartFunctionsAsync(("FunctionsHosting__InstanceId", "writer"));

    /// <summary>Kills one to three of these processes at different times, so that several may be down at once.</summary>
    /// <param name="random">Chooses the processes and the times.</param>
    /// <param name="progress">Waits until the feed has reached the given progress, from 0 to 1.</param>
    public Task KillSomeAsync(Random random, Func<double, Task> progress)
    {
        Func<Task>[] all = [KillWriterAsync, KillHubAsync, KillDatabaseAsync];
        var chosen = random.GetItems(all, random.Next(1, 4)).Distinct().ToArray();
        Kills += chosen.Length;
        return Task.WhenAll(chosen.Select(kill => KillAsync(kill, random.NextDouble(), random.NextDouble() * MaxWait, progress)));
    }

    private static async Task KillAsync(Func<Task> kill, double atProgress, TimeSpan delay, Func<double, Task> progress)
    {
        await progress(atProgress);
        await Task.Delay(delay, TimeProvider.System, Cancellation);
        await kill();
    }

    private async Task KillWriterAsync()
    {
        await _writer!.KillAsync();
        await _writer.DisposeAsync();
        await StartWriterAsync();
    }

    private async Task KillHubAsync()
    {
        await system.Hub.KillAsync();
        await system.Hub.RestartAsync(Cancellation);
    }

    private async Task KillDatabaseAsync()
    {
        await postgres.KillAsync();
        await postgres.StartAsync(Cancellation);
    }
}
