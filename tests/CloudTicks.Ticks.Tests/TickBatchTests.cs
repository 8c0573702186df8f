using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;
using CloudTicks.V1;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace CloudTicks.Ticks.Tests;

public class TickBatchTests
{
    private static readonly string GoldenFile = Path.Combine(AppContext.BaseDirectory, "Golden", "tick_batch_v1.bin");

    [Fact]
    public void ToRecord_sample_ticks_are_the_golden_bytes() => SampleRecord().ShouldBe(File.ReadAllBytes(GoldenFile));

    [Fact]
    public void Open_golden_record_gives_the_sample_ticks()
    {
        var reader = new TickBatchReader(new SymbolDictionary());

        reader.Open(File.ReadAllBytes(GoldenFile));

        (reader.Partition, reader.Source, reader.Count).ShouldBe((7, TickSource.Backfill, SampleTicks.Names.Length));
        var tick = default(Tick);
        foreach (var name in SampleTicks.Names)
        {
            reader.TryRead(ref tick).ShouldBeTrue();
            ShouldBeSame(tick, SampleTicks.Of(name), name);
        }

        reader.TryRead(ref tick).ShouldBeFalse();
    }

    [Fact]
    public void ToRecord_is_readable_by_generated_protobuf_code()
    {
        var batch = TickBatch.Parser.ParseFrom(SampleRecord());

        batch.FormatVersion.ShouldBe(1u);
        batch.Partition.ShouldBe(7u);
        batch.Source.ShouldBe(V1.Source.Backfill);
        batch.TickCount.ShouldBe((uint)SampleTicks.Names.Length);
        batch.Symbols.ShouldBe(["BRK.A", "AAPL", "O:SPY251219C00650000", "EURUSD", "BTC-USD"]);
        batch.Markets.ShouldBe([V1.Market.Stock, V1.Market.Stock, V1.Market.Option, V1.Market.Forex, V1.Market.Crypto]);
        batch.Symbol.ShouldBe([0u, 1u, 1u, 2u, 2u, 3u, 4u, 4u]);
        batch.TimestampMsDelta.ShouldBe([SampleTicks.TimestampMs, 0, 0, 0, 0, 0, 0, 0]);
        batch.BidMantissa.ShouldBe([22987, 22987, 12, 10451, 101423]);
        batch.BidScale.ShouldBe([2u, 2u, 1u, 4u, 0u]);
        batch.TradeIds.ToStringUtf8().ShouldBe("52983525029461" + "b8a3c1f0-1111-4222-8333-abcdefabcdef");
        batch.Conditions.ShouldBe([12, 37, 41, 12, 37]);
        batch.ConditionCount.ShouldBe([3u, 1u, 1u]);
        batch.ParticipantMsDelta.ShouldBe([-3]);
        batch.Flags.ShouldBe([(uint)Flag.Late]);
        batch.Fields[5].ShouldBe((uint)(Field.Bid | Field.Ask | Field.Exchange));
        batch.ToByteArray().ShouldBe(SampleRecord(), "both codecs write the same canonical bytes");
    }

    [Fact]
    public void Builder_after_clear_writes_the_same_record()
    {
        var builder = new TickBatchBuilder(7, TickSource.Backfill);
        AddSamples(builder);
        builder.ToRecord();
        builder.Clear();
        AddSamples(builder);

        builder.ToRecord().ShouldBe(SampleRecord());
    }

    [Fact]
    public void Builder_filled_while_HasRoom_stays_below_the_maximum()
    {
        var builder = new TickBatchBuilder(0, TickSource.Live);
        while (builder.HasRoom)
        {
            AddSamples(builder);
        }

        builder.ToRecord().Length.ShouldBeInRange(TickBatchBuilder.MaxRecordBytes / 2, TickBatchBuilder.MaxRecordBytes);
    }

    [Fact]
    public void Any_currency_ticks_round_trip() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(long Timestamp, long Received, long Bid, byte Scale, bool OneSided)[]>().Filter(ticks => ticks.Length > 0),
        ticks =>
        {
            var builder = new TickBatchBuilder(0, TickSource.Live);
            var symbol = SampleTicks.Of("forex").Symbol;
            Tick Make((long Timestamp, long Received, long Bid, byte Scale, bool OneSided) values) => new()
            {
                Symbol = symbol,
                Kind = TickKind.Quote,
                Fields = values.OneSided ? TickFields.Bid : TickFields.Bid | TickFields.Ask,
                TimestampMs = values.Timestamp,
                ReceivedMs = values.Received,
                Bid = Price.Create(values.Bid, values.Scale % (Price.MaxScale + 1)),
                Ask = values.OneSided ? default : Price.Create(long.MaxValue, 3),
            };
            foreach (var values in ticks)
            {
                builder.Add(Make(values));
            }

            var reader = new TickBatchReader(new SymbolDictionary());
            reader.Open(builder.ToRecord());
            var tick = default(Tick);
            foreach (var values in ticks)
            {
                reader.TryRead(ref tick).ShouldBeTrue();
                ShouldBeSame(tick, Make(values), "forex");
            }
        }));

    [Fact]
    public void Damaged_record_is_read_or_refused_with_a_reason()
    {
        var record = SampleRecord();
        for (var position = 0; position < record.Length; position++)
        {
            foreach (var value in (byte[])[0, 1, 0x7F, 0x80, 0xFF])
            {
                var damaged = record.ToArray();
                damaged[position] = value;
                ReadOrRefuse(damaged);
            }

            ReadOrRefuse(record[..position]);
        }
    }

    [Fact]
    public void Open_record_of_a_later_version_names_the_version()
    {
        var batch = TickBatch.Parser.ParseFrom(SampleRecord());
        batch.FormatVersion = 2;

        var exception = Should.Throw<TickBatchFormatException>(() => new TickBatchReader(new SymbolDictionary()).Open(batch.ToByteArray()));

        exception.Message.ShouldContain("version 2");
    }

    [Fact]
    public void Open_record_with_too_high_a_tick_count_is_refused()
    {
        var batch = TickBatch.Parser.ParseFrom(SampleRecord());
        batch.TickCount = uint.MaxValue;

        Should.Throw<TickBatchFormatException>(() => new TickBatchReader(new SymbolDictionary()).Open(batch.ToByteArray()));
    }

    [Fact]
    public void Packing_and_reading_allocates_nothing_per_tick()
    {
        const int Rounds = 1000;
        var builder = new TickBatchBuilder(7, TickSource.Live);
        var reader = new TickBatchReader(new SymbolDictionary());
        Roundtrip(builder, reader, 1);
        Roundtrip(builder, reader, Rounds);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var record = Roundtrip(builder, reader, Rounds);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.ShouldBeLessThan(record + 1024, "only the record itself");
    }

    private static int Roundtrip(TickBatchBuilder builder, TickBatchReader reader, int rounds)
    {
        builder.Clear();
        var symbol = SampleTicks.Of("forex").Symbol;
        var tick = new Tick { Symbol = symbol, Kind = TickKind.Quote, Fields = TickFields.Bid, TimestampMs = 1, Bid = Price.Create(11, 1) };
        for (var round = 0; round < rounds; round++)
        {
            builder.Add(tick);
        }

        var record = builder.ToRecord();
        reader.Open(record);
        while (reader.TryRead(ref tick))
        {
        }

        return record.Length;
    }

    private static byte[] SampleRecord()
    {
        var builder = new TickBatchBuilder(7, TickSource.Backfill);
        AddSamples(builder);
        return builder.ToRecord();
    }

    private static void AddSamples(TickBatchBuilder builder)
    {
        foreach (var name in SampleTicks.Names)
        {
            builder.Add(SampleTicks.Of(name));
        }
    }

    private static void ReadOrRefuse(byte[] record)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        var tick = default(Tick);
        try
        {
            reader.Open(record);
            while (reader.TryRead(ref tick))
            {
            }
        }
        catch (TickBatchFormatException exception)
        {
            exception.Message.ShouldNotBeEmpty();
        }
    }

    private static void ShouldBeSame(in Tick actual, in Tick expected, string name)
    {
        (actual.Symbol, actual.Kind, actual.Fields, actual.Flags, actual.TimestampMs, actual.ReceivedMs).ShouldBe(
            (expected.Symbol, expected.Kind, expected.Fields, expected.Flags, expected.TimestampMs, expected.ReceivedMs), name);
        (actual.Bid, actual.Ask, actual.BidSize, actual.AskSize, actual.Price, actual.Size).ShouldBe(
            (expected.Bid, expected.Ask, expected.BidSize, expected.AskSize, expected.Price, expected.Size), name);
        (actual.Exchange, actual.BidExchange, actual.AskExchange, actual.Tape, actual.TrfId).ShouldBe(
            (expected.Exchange, expected.BidExchange, expected.AskExchange, expected.Tape, expected.TrfId), name);
        (actual.Sequence, actual.ParticipantMs, actual.TrfMs, actual.VendorReceivedMs).ShouldBe(
            (expected.Sequence, expected.ParticipantMs, expected.TrfMs, expected.VendorReceivedMs), name);
        actual.TradeId.SequenceEqual(expected.TradeId).ShouldBeTrue(name);
        actual.Conditions.SequenceEqual(expected.Conditions).ShouldBeTrue(name);
        actual.Indicators.SequenceEqual(expected.Indicators).ShouldBeTrue(name);
        TickIdentity.Of(actual).ShouldBe(TickIdentity.Of(expected), name);
    }
}
