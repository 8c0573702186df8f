using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Delivery;

public sealed class RecordDeliveryTests : IDisposable
{
    private readonly DeliveryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Accepting_sink_gets_records_without_disk()
    {
        await using var delivery = _fixture.Open();

        for (var number = 1; number <= 1_000; number++)
        {
            await (await delivery.SendAsync(DeliveryFixture.Record(number), TestContext.Current.CancellationToken));
        }

        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, 1_000));
        _fixture.Files().ShouldBeEmpty();
        (_fixture.Counters.Archived, _fixture.Counters.ArchivedRecords, _fixture.Counters.InFlight).ShouldBe((1_000, 1_000, 0));
        delivery.GetStatus().ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(SpoolStatus.Empty),
            status => (status.Records, status.SpooledTicks, status.Flushes).ShouldBe((0, 0, 0)));
    }

    [Fact]
    public async Task Sink_outage_spools_records_and_delivers_once_in_order()
    {
        await using var delivery = _fixture.Open();
        _fixture.Sink.StopAcknowledging();
        var first = await DeliveryFixture.SendAsync(delivery, 1, 10);
        first.ShouldAllBe(safe => !safe.IsCompleted);

        _fixture.Time.Advance(DeliveryFixture.StallDuration);
        await DeliveryFixture.UntilAsync(() => delivery.GetStatus().State == SpoolStatus.Filling);
        var second = await DeliveryFixture.SendAsync(delivery, 11, 10);
        await Task.WhenAll([.. first, .. second]).WaitAsync(TestContext.Current.CancellationToken);

        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, 10), "the rest is on disk");
        delivery.GetStatus().ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(SpoolStatus.Filling), status => (status.Records, status.SpooledTicks).ShouldBe((20, 20)),
            status => status.OldestMs.ShouldNotBeNull());
        _fixture.Counters.Archived.ShouldBe(0);

        _fixture.Sink.ResumeAcknowledging();
        await DeliveryFixture.UntilAsync(() => _fixture.Counters.Archived == 20);
        await DeliveryFixture.UntilAsync(() => delivery.GetStatus().State != SpoolStatus.Filling);
        var third = await DeliveryFixture.SendAsync(delivery, 21, 5);
        await Task.WhenAll(third).WaitAsync(TestContext.Current.CancellationToken);

        await DeliveryFixture.UntilAsync(() => _fixture.Counters.Archived == 25);
        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, 25));
        await DeliveryFixture.UntilAsync(() =>
        {
            // The files are deleted at the next check after the spool has counted the last record as delivered.
            _fixture.Time.Advance(TimeSpan.FromMilliseconds(250));
            return _fixture.Files().Length == 0;
        });
        (delivery.GetStatus().Bytes, _fixture.Counters.InFlight).ShouldBe((0, 0));
    }

    [Fact]
    public async Task Next_run_sends_earlier_records_first_and_counts_them_apart()
    {
        await using (var delivery = _fixture.Open())
        {
            await DeliveryFixture.SendAsync(delivery, 1, 3);
            _fixture.Sink.StopAcknowledging();
            await DeliveryFixture.SendAsync(delivery, 4, 4);
            _fixture.Time.Advance(DeliveryFixture.StallDuration);
            await Task.WhenAll(await DeliveryFixture.SendAsync(delivery, 8, 3)).WaitAsync(TestContext.Current.CancellationToken);
        }

        var sent = _fixture.Sink.HandedOver.Count;
        _fixture.Sink.ResumeAcknowledging();
        _fixture.Counters = new CollectorCounters();
        await using var next = _fixture.Open();
        await Task.WhenAll(await DeliveryFixture.SendAsync(next, 11, 2)).WaitAsync(TestContext.Current.CancellationToken);

        await DeliveryFixture.UntilAsync(() => _fixture.Counters.Archived == 2);
        _fixture.Sink.HandedOver.Skip(sent).Select(DeliveryFixture.Number).ShouldBe([4, 5, 6, 7, 8, 9, 10, 11, 12]);
        _fixture.Counters.Spool.EarlierTicks.ShouldBe(7);
    }

    [Fact]
    public async Task Next_run_resends_unacknowledged_records()
    {
        await using (var delivery = _fixture.Open())
        {
            _fixture.Sink.StopAcknowledging();
            await DeliveryFixture.SendAsync(delivery, 1, 10);
            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
            _fixture.Sink.Acknowledge(3);
            await DeliveryFixture.UntilAsync(() => _fixture.Counters.Archived == 3);
        }

        _fixture.Sink.DropUnacknowledged();
        _fixture.Sink.ResumeAcknowledging();
        await using var next = _fixture.Open();

        await DeliveryFixture.UntilAsync(() => _fixture.Sink.Acknowledged.Count == 10);
        _fixture.Sink.Acknowledged.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task SpoolAll_makes_all_records_durable()
    {
        await using var delivery = _fixture.Open();
        _fixture.Sink.StopAcknowledging();
        var deliveries = await DeliveryFixture.SendAsync(delivery, 1, 10);

        delivery.SpoolAll();
        await Task.WhenAll(deliveries).WaitAsync(TestContext.Current.CancellationToken);

        delivery.GetStatus().Records.ShouldBe(10);
    }

    [Fact]
    public async Task Slow_sink_blocks_no_sender_and_gets_all_in_order()
    {
        // 150 records of 1 MiB do not fit in memory.
        const int count = 150;
        await using var delivery = _fixture.Open();
        _fixture.Sink.StopAcknowledging();

        var deliveries = new List<Task>();
        for (var number = 1; number <= count; number++)
        {
            deliveries.Add(await delivery.SendAsync(DeliveryFixture.Record(number, bytes: 1 << 20), TestContext.Current.CancellationToken));
            if (number % 10 == 0)
            {
                _fixture.Sink.Acknowledge(1);
            }
        }

        await Task.WhenAll(deliveries).WaitAsync(TestContext.Current.CancellationToken);
        _fixture.Counters.Spool.SpooledTicks.ShouldBeGreaterThan(0);
        _fixture.Sink.ResumeAcknowledging();

        await DeliveryFixture.UntilAsync(() => _fixture.Counters.Archived == count);
        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, count));
    }

    [Fact]
    public async Task Waiting_feed_blocks_sender_instead_of_spooling()
    {
        await using var delivery = _fixture.Open(feedWaits: true);
        _fixture.Sink.StopAcknowledging();
        var number = 0;
        ValueTask<Task> sending;
        do
        {
            sending = delivery.SendAsync(DeliveryFixture.Record(++number, bytes: 1 << 20), TestContext.Current.CancellationToken);
        }
        while (sending.IsCompleted);

        number.ShouldBeInRange(60, 70);
        _fixture.Files().ShouldBeEmpty();
        _fixture.Sink.ResumeAcknowledging();
        await (await sending);

        await DeliveryFixture.UntilAsync(() => _fixture.Counters.Archived == number);
        _fixture.Files().ShouldBeEmpty();
        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, number));
    }

    [Fact]
    public async Task Pressure_rises_with_spool_and_falls_when_drained()
    {
        const long maxSpoolBytes = 16 << 20;
        await using var delivery = _fixture.Open(maxSpoolBytes);
        _fixture.Sink.StopAcknowledging();
        await DeliveryFixture.SendAsync(delivery, 1, 1);
        _fixture.Time.Advance(DeliveryFixture.StallDuration);
        var (number, conflatedAt, refusedAt) = (1, 0L, 0L);
        while (delivery.Pressure != SpoolPressure.Refuse)
        {
            await (await delivery.SendAsync(DeliveryFixture.Record(++number, bytes: 100_000), TestContext.Current.CancellationToken));
            conflatedAt = conflatedAt == 0 && delivery.Pressure == SpoolPressure.Conflate ? delivery.GetStatus().Bytes : conflatedAt;
        }

        refusedAt = delivery.GetStatus().Bytes;
        conflatedAt.ShouldBeInRange((long)(maxSpoolBytes * 0.79), (long)(maxSpoolBytes * 0.82));
        refusedAt.ShouldBeInRange((long)(maxSpoolBytes * 0.86), maxSpoolBytes);
        _fixture.Sink.ResumeAcknowledging();
        await DeliveryFixture.UntilAsync(() => _fixture.Counters.Archived == number);
        _fixture.Time.Advance(DeliveryFixture.StallDuration);
        await DeliveryFixture.UntilAsync(() => delivery.Pressure == SpoolPressure.None);
        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, number));
    }

    [Fact]
    public async Task Permanently_refused_record_ends_delivery_with_reason()
    {
        await using var delivery = new RecordDelivery(
            new RefusingSink(), _fixture.Options(1 << 30, false, null), _fixture.Counters, _fixture.Missed.Add, _fixture.Time,
            NullLogger.Instance);

        var record = await delivery.SendAsync(DeliveryFixture.Record(1), TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<CollectorException>(record)).Message.ShouldBe("never");
        await Should.ThrowAsync<CollectorException>(
            async () => await delivery.SendAsync(DeliveryFixture.Record(2), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Rejected_elements_are_spooled_like_records()
    {
        await using (var delivery = _fixture.Open())
        {
            _fixture.Sink.StopAcknowledging();
            await delivery.SendDeadLetterAsync("raw"u8.ToArray(), "not_json");
            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
        }

        _fixture.Sink.ResumeAcknowledging();
        var sent = _fixture.Sink.HandedOver.Count;
        await using var next = _fixture.Open();
        await DeliveryFixture.UntilAsync(() => _fixture.Sink.HandedOver.Count > sent);

        var letter = _fixture.Sink.HandedOver[^1];
        letter.Content.ShouldBe(RecordContent.DeadLetter);
        var (raw, reason) = DeadLetterRecord.Read(letter.Value);
        (System.Text.Encoding.UTF8.GetString(raw.Span), reason).ShouldBe(("raw", "not_json"));
    }

    private sealed class RefusingSink : IRecordSink
    {
        public TimeSpan? UnavailableFor => null;

        public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken) =>
            new(Task.FromException(new CollectorException("never")));
    }
}
