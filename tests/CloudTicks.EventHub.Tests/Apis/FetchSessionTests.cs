using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>Fetch sessions (KIP-227).</summary>
public sealed class FetchSessionTests : IAsyncLifetime
{
    private const int LongWaitMs = 120_000;
    private readonly TemporaryFolder _folder = new();
    private RunningHub _hub = null!;
    private WireClient _client = null!;
    private WireClient _producer = null!;

    public async ValueTask InitializeAsync()
    {
        await StartAsync();
        (await _client.CreateTopicAsync("ticks", 3)).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    public async Task Response_contains_only_changed_partitions(short version)
    {
        var first = await FetchAsync(new(Epoch: 0) { Positions = [(0, 0), (1, 0)], Version = version });
        first.Session.ShouldNotBe(0);
        Summary(first).ShouldBe(["0 to 0: ", "1 to 0: "]);

        await ProduceAsync(1, "a");
        Summary(await FetchAsync(new(first.Session, 1) { Version = version })).ShouldBe(["1 to 1: a"]);
        Summary(await FetchAsync(new(first.Session, 2) { Positions = [(1, 1)], Version = version })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Long_poll_waits_for_partitions_of_session()
    {
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0), (1, 0)] })).Session;
        var fetch = FetchAsync(new(session, 1) { WaitMs = LongWaitMs });
        await ProduceAsync(2, "not in the session");
        fetch.IsCompleted.ShouldBeFalse();
        await ProduceAsync(0, "a");
        Summary(await fetch).ShouldBe(["0 to 1: a"]);
    }

    [Fact]
    public async Task Partitions_are_added_and_removed()
    {
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0), (1, 0)] })).Session;
        Summary(await FetchAsync(new(session, 1) { Positions = [(2, 0)], Forgotten = [1] })).ShouldBe(["2 to 0: "]);
        await ProduceAsync(1, "forgotten");
        await ProduceAsync(2, "a");
        Summary(await FetchAsync(new(session, 2))).ShouldBe(["2 to 1: a"]);
    }

    [Fact]
    public async Task Session_without_partitions_closes()
    {
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0)] })).Session;
        var last = await FetchAsync(new(session, 1) { Forgotten = [0], WaitMs = LongWaitMs });
        (last.Error, last.Session, last.Partitions.Count).ShouldBe((ErrorCode.None, 0, 0));
        (await FetchAsync(new(session, 2))).Error.ShouldBe(ErrorCode.FetchSessionIdNotFound);
    }

    [Fact]
    public async Task Moved_log_start_is_reported()
    {
        await ProduceAsync(0, "a");
        await ProduceAsync(0, "b");
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 2)] })).Session;
        Summary(await FetchAsync(new(session, 1))).ShouldBeEmpty();
        await DeleteRecordsAsync(0, 1);
        (await FetchAsync(new(session, 2))).Partitions.ShouldHaveSingleItem().LogStart.ShouldBe(1);
        Summary(await FetchAsync(new(session, 3))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Error_is_reported_until_resolved()
    {
        var session = (await FetchAsync(new(Epoch: 0) { Topic = "later", Positions = [(0, 0)] })).Session;
        for (var epoch = 1; epoch < 3; epoch++)
        {
            (await FetchAsync(new(session, epoch) { WaitMs = LongWaitMs }))
                .Partitions.ShouldHaveSingleItem().Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        }

        (await _client.CreateTopicAsync("later")).ShouldBe(ErrorCode.None);
        (await FetchAsync(new(session, 3))).Partitions.ShouldHaveSingleItem().Error.ShouldBe(ErrorCode.None);
        (await FetchAsync(new(session, 4))).Partitions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Busy_partition_does_not_starve_others()
    {
        await ProduceAsync(0, "a");
        await ProduceAsync(0, "b");
        await ProduceAsync(1, "c");
        var first = await FetchAsync(new(Epoch: 0) { Positions = [(0, 0), (1, 0)], MaxBytes = 1 });
        Summary(first).ShouldBe(["0 to 2: a", "1 to 1: "]);
        Summary(await FetchAsync(new(first.Session, 1) { Positions = [(0, 1)], MaxBytes = 1 })).ShouldBe(["1 to 1: c"]);
    }

    [Fact]
    public async Task Unexpected_epoch_is_refused()
    {
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0)] })).Session;
        (await FetchAsync(new(session, 1))).Error.ShouldBe(ErrorCode.None);
        (await FetchAsync(new(session, 1))).Error.ShouldBe(
            ErrorCode.InvalidFetchSessionEpoch, "the client repeats a fetch whose response was lost");
        (await FetchAsync(new(session, 3))).Error.ShouldBe(ErrorCode.InvalidFetchSessionEpoch);
        (await FetchAsync(new(session, 2))).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Outdated_fetch_is_refused()
    {
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0)] })).Session;
        var overtakenFetch = FetchAsync(new(session, 1) { WaitMs = LongWaitMs });
        using var other = await WireClient.ConnectAsync(_hub.Address);
        FetchSessionResponse response;
        do
        {
            response = await FetchAsync(new(session, 2), other); // succeeds once the event hub has read the overtaken fetch
        }
        while (response.Error == ErrorCode.InvalidFetchSessionEpoch);

        await ProduceAsync(0, "a");
        (await overtakenFetch).Error.ShouldBe(ErrorCode.InvalidFetchSessionEpoch);
        Summary(await FetchAsync(new(session, 3), other)).ShouldBe(["0 to 1: a"]);
    }

    [Fact]
    public async Task Closed_session_is_not_found()
    {
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0)] })).Session;
        var closed = await FetchAsync(new(session, -1) { WaitMs = LongWaitMs });
        (closed.Error, closed.Session).ShouldBe((ErrorCode.None, 0));
        (await FetchAsync(new(session, 1))).Error.ShouldBe(ErrorCode.FetchSessionIdNotFound);
    }

    [Fact]
    public async Task Full_fetch_replaces_session()
    {
        var before = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0)] })).Session;
        var after = await FetchAsync(new(before, 0) { Positions = [(1, 0)] });
        after.Session.ShouldNotBe(before);
        Summary(after).ShouldBe(["1 to 0: "]);
        (await FetchAsync(new(before, 1))).Error.ShouldBe(ErrorCode.FetchSessionIdNotFound);
    }

    [Fact]
    public async Task Restart_requires_new_session()
    {
        await ProduceAsync(0, "a");
        var session = (await FetchAsync(new(Epoch: 0) { Positions = [(0, 0)] })).Session;
        await StopAsync();
        await StartAsync();
        var refused = await FetchAsync(new(session, 1) { Positions = [(0, 1)], WaitMs = LongWaitMs });
        (refused.Error, refused.Session, refused.Partitions.Count).ShouldBe((ErrorCode.FetchSessionIdNotFound, 0, 0));
        var newSession = await FetchAsync(new(Epoch: 0) { Positions = [(0, 0)] });
        newSession.Session.ShouldNotBe(0);
        Summary(newSession).ShouldBe(["0 to 1: a"]);
    }

    private async Task StartAsync()
    {
        _hub = await RunningHub.StartAsync(_folder.File("hub"));
        _client = await WireClient.ConnectAsync(_hub.Address);
        _producer = await WireClient.ConnectAsync(_hub.Address);
    }

    private async Task StopAsync()
    {
        _client.Dispose();
        _producer.Dispose();
        await _hub.DisposeAsync();
    }

    private Task<FetchSessionResponse> FetchAsync(FetchSessionCall call, WireClient? client = null) => call.SendAsync(client ?? _client);

    private async Task ProduceAsync(int partition, string value) =>
        (await _producer.ProduceAsync("ticks", partition, Batches.Of(value))).Error.ShouldBe(ErrorCode.None);

    private async Task DeleteRecordsAsync(int partition, long before) => await _producer.CallAsync(ApiKey.DeleteRecords, 0, w =>
    {
        w.WriteInt32(1);
        w.WriteString("ticks");
        w.WriteInt32(1);
        w.WriteInt32(partition);
        w.WriteInt64(before);
        w.WriteInt32(10_000);
    });

    /// <summary>The number, high watermark and values of each partition in a response.</summary>
    private static IEnumerable<string> Summary(FetchSessionResponse response)
    {
        response.Error.ShouldBe(ErrorCode.None);
        return response.Partitions.Select(p =>
        {
            p.Error.ShouldBe(ErrorCode.None);
            return $"{p.Partition} to {p.HighWatermark}: {string.Join(' ', Batches.Read(p.Records).Select(r => r.Value))}";
        });
    }
}
