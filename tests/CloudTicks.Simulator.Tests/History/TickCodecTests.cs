using CloudTicks.Simulator.History;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.History;

public sealed class TickCodecTests
{
    [Fact]
    public void Longest_ticks_round_trip_within_the_size_bound()
    {
        var id = new byte[Tick.MaxTradeIdBytes];
        id.AsSpan().Fill((byte)'x');
        int[] conditions = [.. Enumerable.Repeat(int.MinValue, Tick.MaxListLength)];
        int[] indicators = [.. Enumerable.Repeat(int.MaxValue, Tick.MaxListLength)];
        var (writer, reader) = (default(TickCodec), default(TickCodec));
        var bytes = new byte[2 * TickCodec.MaxBytes];
        var written = 0;
        foreach (var extreme in (long[])[long.MaxValue, long.MinValue])
            written += writer.Write(ExtremeTick(extreme, id, conditions, indicators), bytes.AsSpan(written));
        written.ShouldBeLessThanOrEqualTo(bytes.Length);
        ReadOnlySpan<byte> rest = bytes.AsSpan(0, written);

        var lists = new int[2 * Tick.MaxListLength];
        foreach (var extreme in (long[])[long.MaxValue, long.MinValue])
        {
            Tick tick = default;
            reader.Read(ref rest, lists, ref tick);
            var expected = ExtremeTick(extreme, id, conditions, indicators);
            tick.Fields.ShouldBe(expected.Fields);
            (tick.TimestampMs, tick.ParticipantMs, tick.TrfMs, tick.VendorReceivedMs, tick.Sequence).ShouldBe(
                (expected.TimestampMs, expected.ParticipantMs, expected.TrfMs, expected.VendorReceivedMs, expected.Sequence));
            (tick.Bid, tick.Ask, tick.BidSize, tick.AskSize, tick.Price, tick.Size).ShouldBe(
                (expected.Bid, expected.Ask, expected.BidSize, expected.AskSize, expected.Price, expected.Size));
            (tick.Exchange, tick.BidExchange, tick.AskExchange, tick.Tape, tick.TrfId).ShouldBe(
                (expected.Exchange, expected.BidExchange, expected.AskExchange, expected.Tape, expected.TrfId));
            tick.TradeId.SequenceEqual(id).ShouldBeTrue();
            tick.Conditions.SequenceEqual(conditions).ShouldBeTrue();
            tick.Indicators.SequenceEqual(indicators).ShouldBeTrue();
        }

        rest.Length.ShouldBe(0);
    }

    [Fact]
    public void Currency_quote_is_encoded_in_few_bytes()
    {
        var codec = default(TickCodec);
        var bytes = new byte[TickCodec.MaxBytes];
        var lastLength = 0;
        for (var index = 0; index < 3; index++)
        {
            lastLength = codec.Write(
                new Tick
                {
                    Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange,
                    TimestampMs = 1_737_993_600_000 + index,
                    Bid = Price.Create(110_012 + index, 5),
                    Ask = Price.Create(110_021 + index, 5),
                    Exchange = 48,
                },
                bytes);
        }

        lastLength.ShouldBeLessThan(10);
    }

    private static Tick ExtremeTick(long extreme, byte[] id, int[] conditions, int[] indicators) => new()
    {
        Fields = TickFields.All & ~TickFields.Flags,
        TimestampMs = extreme,
        Sequence = extreme,
        Bid = Price.Create(extreme, 38),
        Ask = Price.Create(extreme, 0),
        BidSize = Price.Create(extreme, 1),
        AskSize = Price.Create(extreme, 2),
        Price = Price.Create(extreme, 3),
        Size = Price.Create(extreme, 4),
        Exchange = int.MinValue,
        BidExchange = int.MaxValue,
        AskExchange = int.MinValue,
        Tape = int.MaxValue,
        TrfId = int.MinValue,
        ParticipantMs = unchecked(extreme - 1),
        TrfMs = unchecked(extreme + 1),
        VendorReceivedMs = 0,
        TradeId = id,
        Conditions = conditions,
        Indicators = indicators,
    };
}
