using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Retention;
using CloudTicks.Timescale.Roles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CloudTicks.Benchmarks.WritingDuringRetention;

/// <summary>Consecutive retention runs, with a clock that lets each run drop one more chunk.</summary>
internal sealed class RetentionLoop
{
    private readonly OldChunks _oldChunks;
    private readonly TimeSpan _interval;
    private readonly SteppedClock _clock;
    private readonly TableRetention _retention;

    public RetentionLoop(IServiceProvider services, OldChunks oldChunks, TimeSpan interval)
    {
        (_oldChunks, _interval, _clock) = (oldChunks, interval, new SteppedClock());
        _retention = new TableRetention(
            services.GetRequiredKeyedService<NpgsqlDataSource>(DatabaseRole.Owner),
            services.GetRequiredService<IOptionsMonitor<TimescaleOptions>>(),
            services.GetRequiredService<TimescaleMetrics>(), _clock, services.GetRequiredService<ILogger<TableRetention>>());
    }

    /// <summary>Runs until the writing is done.</summary>
    /// <returns>The number of runs, and of the chunks that they dropped.</returns>
    public async Task<(int Runs, int Dropped)> RunAsync(Task writing, CancellationToken cancellationToken)
    {
        var (runs, dropped) = (0, 0);
        while (!writing.IsCompleted)
        {
            _clock.Now = _oldChunks.DueAt(++runs);
            var result = await _retention.EnforceAsync(cancellationToken);
            dropped += result.Problem is { } problem ? throw new BenchmarkException(problem) : result.Dropped.Count;
            await ((Task)Task.WhenAny(writing, Task.Delay(_interval, TimeProvider.System, cancellationToken)))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return (runs, dropped);
    }

    private sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
