namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class OutageTests
{
    // The session timeout is longer than the test waits, and longer than a process takes to start on a busy machine.
    private static readonly string[] NamedHost = ["--FunctionsHosting:InstanceId=one", "--FunctionsHosting:SessionTimeout=00:05:00"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_hub_logs_one_warning_and_one_recovery()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var topic = new TestTopic(hub.BootstrapServers);
        var recorder = new Recorder();
        await using var host = await TestHost.StartAsync(topic, recorder);
        await topic.ProduceAsync(0, 100);
        await recorder.WhenAsync(got => got.Count >= 100);

        await hub.KillAsync();
        await host.Lines.LineAsync("cannot reach the event hub");
        (await host.UnhealthyAsync()).ShouldContain("cannot reach the event hub");
        await hub.RestartAsync(Cancellation);
        await topic.ProduceAsync(100, 100);
        await recorder.WhenAsync(got => got.Select(one => one.Text).Distinct().Count() >= 200);

        await host.Lines.LineAsync($"reads {topic.Topic} again");
        host.Lines.WarningsAndErrors.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Topic_created_after_the_start_is_read_without_a_warning()
    {
        await using var hub = await EventHubProcess.StartAsync(arguments: [], cancellationToken: Cancellation);
        using var topic = new TestTopic(hub.BootstrapServers, isCreated: false);
        var recorder = new Recorder();
        await using var host = await TestHost.StartAsync(topic, recorder);
        await host.Lines.LineAsync("does not exist yet");

        topic.Create();
        await topic.ProduceAsync(0, 20);
        await recorder.WhenAsync(got => got.Count >= 20);

        host.Lines.WarningsAndErrors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Restarted_host_resumes_where_the_killed_one_stopped()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 4);
        await using var first = await AppProcess.StartAsync(topic, NamedHost);
        await first.FirstEvent;
        await first.KillAsync();

        await topic.ProduceAsync(4, 4);
        await using var second = await AppProcess.StartAsync(topic, NamedHost);
        await second.FirstEvent;

        hub.Log.ShouldNotContain(line => line.Contains("its session expired", StringComparison.Ordinal));
        (await second.TerminateAsync()).ShouldBe(0);
    }
}
