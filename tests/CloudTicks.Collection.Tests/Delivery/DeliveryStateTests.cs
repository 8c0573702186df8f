using CloudTicks.Collection.Delivery;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Collection.Tests.Delivery;

public class DeliveryStateTests
{
    private static readonly TimeSpan StallDuration = TimeSpan.FromSeconds(1);

    private readonly DeliveryState _state = new(feedWaits: false, lastSequence: 0, records: 0);

    [Fact]
    public void Accepting_sink_gets_records_one_at_a_time_in_order()
    {
        Accept(_state, 1, 3);

        SimulatedDelivery.Number(_state.NextForSink(default)).ShouldBe(1);
        _state.NextForSink(default).ShouldBeNull("the sink has not accepted the first record yet");
        _state.OnAccepted();
        HandOverAll(_state).ShouldBe([2, 3]);
        (_state.IsSpooling, _state.UnwrittenBytes, _state.IsEverythingSafe).ShouldBe((false, 0, false));
    }

    [Fact]
    public void Full_sink_gets_next_record_after_acknowledgement()
    {
        var records = Accept(_state, 1, 40);
        var handed = HandOverAll(_state);

        handed.Count.ShouldBeInRange(20, 24);
        _state.OnAcknowledged(records[0], default);
        HandOverAll(_state).ShouldBe([handed.Count + 1]);
    }

    [Fact]
    public void Stalled_sink_spools_unacknowledged_records_in_order()
    {
        var records = Accept(_state, 1, 40);
        var handed = HandOverAll(_state).Count;
        _state.OnAcknowledged(records[0], default);

        _state.CheckTimeouts(StallDuration - TimeSpan.FromTicks(1));
        _state.IsSpooling.ShouldBeFalse();
        _state.CheckTimeouts(StallDuration);

        (_state.IsSpooling, _state.IsStalled).ShouldBe((true, true));
        _state.NextForSink(StallDuration).ShouldBeNull();
        WriteAll(_state).ShouldBe(Enumerable.Range(2, 39));
        records.Skip(1).Count(record => record.IsHandedOver).ShouldBe(handed - 1);
        _state.IsEverythingSafe.ShouldBeTrue();
    }

    [Fact]
    public void Record_acknowledged_before_write_is_not_written()
    {
        var records = Accept(_state, 1, 3);
        HandOverAll(_state);
        _state.CheckTimeouts(StallDuration);
        _state.OnAcknowledged(records[1], StallDuration);

        var group = _state.NextForDisk();

        group.Records.ConvertAll(SimulatedDelivery.Number).ShouldBe([1, 3]);
        group.Covered.ShouldBe(3);
        _state.OnWritten(group, 1);
        _state.NextForDisk().Covered.ShouldBe(0);
    }

    [Fact]
    public void Spool_keeps_record_until_all_before_it_are_acknowledged()
    {
        var records = Accept(_state, 1, 3);
        HandOverAll(_state);
        _state.CheckTimeouts(StallDuration);
        _state.OnWritten(_state.NextForDisk(), 1);
        _state.AcknowledgedUpTo.ShouldBe(0);

        _state.OnAcknowledged(records[1], StallDuration);
        _state.AcknowledgedUpTo.ShouldBe(0);
        _state.OnAcknowledged(records[0], StallDuration);
        _state.AcknowledgedUpTo.ShouldBe(2);
        _state.OnAcknowledged(records[2], StallDuration);
        _state.AcknowledgedUpTo.ShouldBe(3);
    }

    [Fact]
    public void Full_memory_spools_and_slow_disk_blocks_sender()
    {
        var accepted = 0;
        while (_state.TryAccept(SimulatedDelivery.Record(++accepted), hasRoomOnDisk: true))
        {
        }

        accepted.ShouldBeInRange(90, 97);
        (_state.IsSpooling, _state.IsStalled).ShouldBe((true, false));
        _state.OnWritten(_state.NextForDisk(), 1);
        _state.TryAccept(SimulatedDelivery.Record(accepted), hasRoomOnDisk: true).ShouldBeTrue();
    }

    [Fact]
    public void Waiting_feed_spools_only_when_sink_is_stalled()
    {
        var state = new DeliveryState(feedWaits: true, lastSequence: 0, records: 0);
        var accepted = 0;
        while (state.TryAccept(SimulatedDelivery.Record(++accepted), hasRoomOnDisk: true))
        {
        }

        (state.IsSpooling, state.UnwrittenBytes).ShouldBe((false, 0));
        HandOverAll(state);
        state.CheckTimeouts(StallDuration);
        state.TryAccept(SimulatedDelivery.Record(accepted), hasRoomOnDisk: false).ShouldBeFalse();
        state.TryAccept(SimulatedDelivery.Record(accepted), hasRoomOnDisk: true).ShouldBeTrue();
    }

    [Fact]
    public void Unwritable_disk_returns_records_only_to_accepting_sink()
    {
        var records = Accept(_state, 1, 40);
        var handed = HandOverAll(_state).Count;
        _state.CheckTimeouts(StallDuration);

        _state.OnUnwritable(isSpoolRead: true).ShouldBeFalse("the sink acknowledges nothing");
        _state.OnAcknowledged(records[0], StallDuration);
        _state.OnUnwritable(isSpoolRead: false).ShouldBeFalse("records before these are on disk");
        _state.OnUnwritable(isSpoolRead: true).ShouldBeTrue();

        (_state.IsSpooling, _state.UnwrittenBytes).ShouldBe((false, 0));
        HandOverAll(_state).ShouldBe([handed + 1]);
    }

    [Fact]
    public void Spooling_ends_when_spool_is_read_and_no_record_waits()
    {
        var state = new DeliveryState(feedWaits: false, lastSequence: 7, records: 2);
        state.IsSpooling.ShouldBeTrue();
        state.TryBeginDrain().ShouldBeTrue();
        var earlier = SimulatedDelivery.Record(6);
        (earlier.Sequence, earlier.IsSafe) = (6, true);
        state.OnRead(earlier, default);
        state.EndDrain();
        Accept(state, 8, 1);

        (state.IsEarlier(earlier), state.AcknowledgedUpTo).ShouldBe((true, 5));
        state.TryEndSpooling(isSpoolRead: true).ShouldBeFalse("a record waits for the disk");
        state.OnWritten(state.NextForDisk(), 8);
        state.TryEndSpooling(isSpoolRead: false).ShouldBeFalse();
        state.TryEndSpooling(isSpoolRead: true).ShouldBeTrue();
        state.IsSpooling.ShouldBeFalse();
    }

    [Fact]
    public void Drain_does_not_begin_when_stalled_closing_or_failed()
    {
        var state = new DeliveryState(feedWaits: false, lastSequence: 1, records: 1);
        state.Fail(new IOException());
        state.TryBeginDrain().ShouldBeFalse();

        state = new DeliveryState(feedWaits: false, lastSequence: 1, records: 1);
        state.Close();
        state.TryBeginDrain().ShouldBeFalse();

        Accept(_state, 1, 1);
        HandOverAll(_state);
        _state.CheckTimeouts(StallDuration);
        _state.TryBeginDrain().ShouldBeFalse();
    }

    [Fact]
    public void Close_spools_all_current_and_later_records()
    {
        Accept(_state, 1, 40);
        HandOverAll(_state);
        _state.Close();
        Accept(_state, 41, 1);

        WriteAll(_state).ShouldBe(Enumerable.Range(1, 41));
        _state.IsEverythingSafe.ShouldBeTrue();
    }

    [Fact]
    public void Fail_stops_handing_over_and_keeps_first_reason()
    {
        Accept(_state, 1, 1);
        var reason = new IOException("first");

        _state.Fail(reason);
        _state.Fail(new IOException("second"));

        _state.NextForSink(default).ShouldBeNull();
        _state.Failure.ShouldBeSameAs(reason);
    }

    [Fact]
    public void Random_events_hand_over_each_record_once_in_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Action, byte Count)[]>(), actions =>
        {
            var delivery = new SimulatedDelivery();
            Array.ForEach(actions, action => delivery.RunAction(action.Action % 8, action.Count));
            delivery.Finish();
            delivery.HandedOver.ShouldBe(Enumerable.Range(1, delivery.Accepted));
            delivery.Acknowledged.Order().ShouldBe(Enumerable.Range(1, delivery.Accepted));
            delivery.State.IsEverythingSafe.ShouldBeTrue();
            (delivery.State.IsSpooling, delivery.State.UnwrittenBytes).ShouldBe((false, 0));
        }));

    private static List<DeliveryRecord> Accept(DeliveryState state, int first, int count)
    {
        var records = Enumerable.Range(first, count).Select(SimulatedDelivery.Record).ToList();
        records.ShouldAllBe(record => state.TryAccept(record, true));
        return records;
    }

    private static List<int> HandOverAll(DeliveryState state)
    {
        List<int> handed = [];
        while (state.NextForSink(default) is { } record)
        {
            state.OnAccepted();
            handed.Add(SimulatedDelivery.Number(record));
        }

        return handed;
    }

    private static List<int> WriteAll(DeliveryState state)
    {
        List<int> written = [];
        while (state.NextForDisk() is { Covered: > 0 } group)
        {
            state.OnWritten(group, written.Count + 1);
            written.AddRange(group.Records.Select(SimulatedDelivery.Number));
        }

        return written;
    }
}
