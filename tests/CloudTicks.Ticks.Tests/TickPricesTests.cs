using System.Text;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Ticks.Tests;

public sealed class TickPricesTests
{
    public static TheoryData<string> Names => [.. SampleTicks.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void TryRead_any_sample_gives_symbol_times_and_prices(string name)
    {
        var tick = SampleTicks.Of(name);
        var json = new byte[TickJson.MaxBytes];
        var length = TickJson.Write(tick, TickSource.Live, TickIdentity.Of(tick), json);

        TickPrices.TryRead(json.AsSpan(0, length), new byte[TickPrices.ScratchBytes], out var read).ShouldBeTrue();

        Encoding.UTF8.GetString(read.Symbol).ShouldBe(tick.Symbol.Name);
        (read.TimestampMs, read.ReceivedMs, read.IsLive).ShouldBe((tick.TimestampMs, tick.ReceivedMs, true));
        foreach (var field in (TickFields[])[TickFields.Bid, TickFields.Ask, TickFields.Price])
        {
            read.Has(field).ShouldBe(tick.Has(field));
        }

        (read.Bid, read.Ask, read.Price).ShouldBe((tick.Bid, tick.Ask, tick.Price));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"symbol\":\"A\"}")]
    [InlineData("{\"symbol\":\"A\",\"timestamp_ms\":-1}")]
    [InlineData("{\"symbol\":\"A\",\"timestamp_ms\":1}{}")]
    [InlineData("{\"symbol\":{\"symbol\":\"A\"},\"timestamp_ms\":1}")]
    [InlineData("{\"symbol\":\"A\",\"timestamp_ms\":1")]
    public void TryRead_message_that_is_not_a_tick_is_false(string json) =>
        TickPrices.TryRead(Encoding.UTF8.GetBytes(json), new byte[TickPrices.ScratchBytes], out _).ShouldBeFalse();

    [Fact]
    public void TryRead_escaped_symbol_and_source_are_read()
    {
        TickPrices.TryRead("{\"symbol\":\"A\\u002bB\",\"timestamp_ms\":1,\"source\":\"replay\",\"x\":{\"bid\":7}}"u8,
            new byte[TickPrices.ScratchBytes], out var tick).ShouldBeTrue();
        Encoding.UTF8.GetString(tick.Symbol).ShouldBe("A+B");
        tick.IsLive.ShouldBeFalse();
        tick.Has(TickFields.Bid).ShouldBeFalse();
    }

    [Theory]
    [InlineData(TickSource.Live, true)]
    [InlineData(TickSource.Backfill, false)]
    public void TryReadLive_gives_receipt_time_of_live_records_only(TickSource source, bool isLive)
    {
        var tick = SampleTicks.Of("forex");
        var builder = new TickBatchBuilder(7, source);
        builder.Add(tick);
        builder.Add(tick);

        TickBatchTimes.TryReadLive(builder.ToRecord(), out var receivedMs, out var ticks).ShouldBe(isLive);

        if (isLive)
        {
            (receivedMs, ticks).ShouldBe((tick.ReceivedMs, 2));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":\"gap\"}")]
    [InlineData("nonsense")]
    public void TryReadLive_record_that_is_not_a_batch_is_false(string record) =>
        TickBatchTimes.TryReadLive(Encoding.UTF8.GetBytes(record), out _, out _).ShouldBeFalse();
}
