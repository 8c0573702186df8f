namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class FailureTests(EventHubFixture hub) : IClassFixture<EventHubFixture>
{
    private const int PoisonedPartition = 1;

    [Fact]
    public async Task Failed_batch_is_retried_until_it_succeeds()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 400);
        var isBroken = true;
        var attempts = 0;
        var manyAttempts = new TaskCompletionSource();
        var recorder = new Recorder
        {
            OnBatch = (partition, _, _) =>
            {
                if (partition != PoisonedPartition || !Volatile.Read(ref isBroken))
                {
                    return Task.CompletedTask;
                }

                if (Interlocked.Increment(ref attempts) == 8)
                {
                    manyAttempts.SetResult();
                }

                throw new InvalidOperationException("the table is locked");
            },
        };

        await using (var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:MaxRetryDelay=00:00:00.050"))
        {
            await manyAttempts.Task.WaitAsync(TestContext.Current.CancellationToken);
            await recorder.WhenAsync(got => got.Count >= 300);
            var (status, _) = await host.HealthAsync();
            await host.StopAsync();

            status.ShouldBe(503, "the function's two retries have run out");
            var checkpoints = await topic.CheckpointsAsync();
            checkpoints.Keys.ShouldNotContain(PoisonedPartition);
            checkpoints.Values.ShouldBe([100, 100, 100]);
        }

        Volatile.Write(ref isBroken, false);
        await using (var host = await TestHost.StartAsync(topic, recorder))
        {
            await recorder.WhenAsync(got => got.Count >= 400);
            (await host.HealthAsync()).Status.ShouldBe(200);
            await host.StopAsync();
        }

        recorder.Deliveries.Select(one => int.Parse(one.Text, null)).Order()
            .ShouldBe(Enumerable.Range(0, 400), "nothing lost, nothing skipped");
        (await topic.CheckpointsAsync())[PoisonedPartition].ShouldBe(100);
    }

    [Fact]
    public async Task Retries_deliver_the_same_batch_until_it_succeeds()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 10, partition: PoisonedPartition);
        var batches = new List<long[]>();
        var recorder = new Recorder
        {
            OnBatch = (_, events, _) =>
            {
                batches.Add([.. events.Select(data => data.SequenceNumber)]);
                return batches.Count <= 4 ? throw new InvalidOperationException("not yet") : Task.CompletedTask;
            },
        };

        await using var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:MaxRetryDelay=00:00:00.010");
        await recorder.WhenAsync(got => got.Count >= 10);

        batches.Take(5).ShouldAllBe(batch => batch.SequenceEqual(batches[0]));
        await host.StopAsync();
        (await topic.CheckpointsAsync())[PoisonedPartition].ShouldBe(10);
    }

    [Theory]
    [InlineData(1_000)]
    public async Task Checkpoint_outside_the_log_is_reported(long checkpoint)
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 40);
        topic.SetCheckpoint(PoisonedPartition, checkpoint);
        var recorder = new Recorder();

        await using var host = await TestHost.StartAsync(topic, recorder);
        await recorder.WhenAsync(got => got.Count >= 30);
        var health = await host.UnhealthyAsync();
        await host.StopAsync();

        health.ShouldContain($"{topic.Topic}/{PoisonedPartition}");
        recorder.Deliveries.ShouldAllBe(one => one.Partition != PoisonedPartition);
        (await topic.CheckpointsAsync())[PoisonedPartition].ShouldBe(checkpoint);
    }
}
