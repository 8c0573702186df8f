using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Tests.Producing;

public sealed class AcknowledgementWatchTests
{
    [Fact]
    public async Task Outage_ends_if_the_last_record_is_acknowledged_as_it_begins()
    {
        var clock = new HookedClock();
        using var log = new LogRecorder<RecordProducer>();
        var pending = new PendingRecords();
        var record = new PendingRecord("ticks", 0, 100, clock.GetTimestamp());
        pending.Add(record);
        await using var watch = new AcknowledgementWatch(
            EventStreamConnection.Parse("localhost:9092"), pending, () => 100, _ => Task.FromResult<string?>(null), clock, log);
        clock.OnRead = () =>
        {
            pending.Remove(record);
            watch.OnAcknowledged();
        };

        watch.OnUnreachable("refused");

        pending.Count.ShouldBe(0);
        watch.OutageDuration.ShouldBeNull();
        log.Lines.ShouldBeEmpty();
    }

    /// <summary>A stopped clock that calls a function once, when its timestamp is next read.</summary>
    private sealed class HookedClock : TimeProvider
    {
        private readonly TestTime _time = new();

        public Action? OnRead { get; set; }

        public override long GetTimestamp()
        {
            var onRead = OnRead;
            OnRead = null;
            onRead?.Invoke();
            return _time.GetTimestamp();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _time.CreateTimer(callback, state, dueTime, period);
    }
}
