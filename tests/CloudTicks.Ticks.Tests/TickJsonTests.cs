using System.Text;
using System.Text.Json;
using CloudTicks.Ticks.Identity;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Ticks.Tests;

public class TickJsonTests
{
    [Fact]
    public void Write_currency_quote_is_the_documented_object() => Json("forex", TickSource.Live).ShouldBe(
        """{"symbol":"EURUSD","timestamp_ms":1737993600000,"bid":1.0451,"ask":1.0452,"received_ms":1737993600012,"id":"e46e7eea1b7bcd97"}""");

    [Fact]
    public void Write_trade_has_price_and_size() => Json("stock trade", TickSource.Live).ShouldBe(
        """{"symbol":"BRK.A","timestamp_ms":1737993600000,"price":70.15,"size":100.5,"received_ms":1737993600012,"id":"ba26ee4063c2732f"}""");

    [Theory]
    [InlineData(TickSource.Backfill, "backfill")]
    [InlineData(TickSource.DbCommand, "db_command")]
    [InlineData(TickSource.Replay, "replay")]
    public void Write_tick_that_is_not_live_has_its_source(TickSource source, string name) =>
        JsonDocument.Parse(Json("forex", source)).RootElement.GetProperty("source").GetString().ShouldBe(name);

    [Fact]
    public void Write_small_size_has_no_exponent() => Json("crypto trade", TickSource.Live).ShouldContain("\"size\":0.00004,");

    [Fact]
    public void Write_symbol_with_json_characters_is_escaped()
    {
        var tick = SampleTicks.Of("stock quote");
        Symbol.TryParse(Market.Stock, "A\"B\\C", out var symbol).ShouldBeTrue();
        tick.Symbol = symbol;

        JsonDocument.Parse(Json(tick, TickSource.Live)).RootElement.GetProperty("symbol").GetString().ShouldBe("A\"B\\C");
    }

    [Fact]
    public void TryRead_written_tick_gives_identity_and_times()
    {
        foreach (var name in SampleTicks.Names)
        {
            TickMessage.TryRead(Encoding.UTF8.GetBytes(Json(name, TickSource.Backfill)), out var message).ShouldBeTrue(name);

            var tick = SampleTicks.Of(name);
            message.ShouldBe(new TickMessage(TickIdentity.Of(tick), tick.TimestampMs, tick.ReceivedMs));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"symbol":"EURUSD","timestamp_ms":1,"received_ms":2}""")]
    [InlineData("""{"id":"123","timestamp_ms":1,"received_ms":2}""")]
    [InlineData("""{"id":"e46e7eea1b7bcd97","timestamp_ms":"1","received_ms":2}""")]
    public void TryRead_json_that_is_not_a_tick_is_refused(string json) =>
        TickMessage.TryRead(Encoding.UTF8.GetBytes(json), out _).ShouldBeFalse();

    private static string Json(string name, TickSource source) => Json(SampleTicks.Of(name), source);

    private static string Json(in Tick tick, TickSource source)
    {
        Span<byte> bytes = stackalloc byte[TickJson.MaxBytes];
        return Encoding.UTF8.GetString(bytes[..TickJson.Write(tick, source, TickIdentity.Of(tick), bytes)]);
    }
}
