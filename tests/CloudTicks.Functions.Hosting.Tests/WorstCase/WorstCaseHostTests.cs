using System.Collections.Concurrent;

namespace CloudTicks.Functions.Hosting.Tests.WorstCase;

public sealed class WorstCaseHostTests(EventHubFixture hub) : IClassFixture<EventHubFixture>
{
    private const string WorstCaseOption = "--FunctionsHosting:WorstCase:Enabled=true";

    [Fact]
    public async Task Failed_batch_is_checkpointed_and_not_delivered_again()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 400);
        var recorder = new Recorder
        {
            OnBatch = (partition, _, _) => partition == 1 ? throw new InvalidOperationException("the table is locked") : Task.CompletedTask,
        };

        await using var host = await TestHost.StartAsync(topic, recorder, WorstCaseOption, "--FunctionsHosting:WorstCase:Rate=0");
        while ((await topic.CheckpointsAsync()).GetValueOrDefault(1) < 100)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        await recorder.WhenAsync(got => got.Count >= 300);
        recorder.Deliveries.ShouldAllBe(one => one.Partition != 1);
    }

    [Fact]
    public async Task Every_event_survives_cancelled_and_repeated_calls()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 2_000);
        var running = new ConcurrentDictionary<int, int>();
        var (atTheSameTime, cancelled) = (0, 0);
        var recorder = new Recorder
        {
            OnBatch = async (partition, _, cancellationToken) =>
            {
                Interlocked.Add(ref atTheSameTime, running.AddOrUpdate(partition, 1, (_, calls) => calls + 1) > 1 ? 1 : 0);
                try
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                    throw;
                }
                finally
                {
                    running.AddOrUpdate(partition, 0, (_, calls) => calls - 1);
                }
            },
        };

        await using var host = await TestHost.StartAsync(topic, recorder, WorstCaseOption, "--FunctionsHosting:WorstCase:Rate=0.5");
        await recorder.WhenAsync(got => got.Select(one => one.Text).Distinct().Count() >= 2_000);

        recorder.Deliveries.Count.ShouldBeGreaterThan(2_000);
        atTheSameTime.ShouldBeGreaterThan(0);
        cancelled.ShouldBeGreaterThan(0);
    }
}
