using System.Text;
using System.Text.Json;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Cli.Tests.Decoding;

public class ArchiveDecoderTests
{
    [Fact]
    public void Decode_golden_record_prints_each_tick_as_published()
    {
        var decoded = Decoded.Of(new KcatOutput().Add(Records.Golden).ToArray());

        (decoded.ExitCode, decoded.Errors.Length, decoded.Lines.Length).ShouldBe((0, 0, Records.GoldenTicks));
        decoded.Lines[0].ShouldBe(
            """{"symbol":"BRK.A","timestamp_ms":1737993600000,"price":70.15,"size":100.5,"received_ms":1737993600012,"id":"ba26ee4063c2732f","source":"backfill"}""");
        decoded.Lines[5].ShouldBe(
            """{"symbol":"EURUSD","timestamp_ms":1737993600000,"bid":1.0451,"ask":1.0452,"received_ms":1737993600012,"id":"e46e7eea1b7bcd97","source":"backfill"}""");
    }

    [Fact]
    public void Decode_with_all_has_every_field_of_the_golden_record()
    {
        var decoded = Decoded.Of(new KcatOutput().Add(Records.Golden).ToArray(), all: true);

        decoded.Lines[0].ShouldBe(
            """{"symbol":"BRK.A","timestamp_ms":1737993600000,"price":70.15,"size":100.5,"received_ms":1737993600012,"id":"ba26ee4063c2732f","source":"backfill","market":"stock","kind":"trade","partition":7,"exchange":4,"sequence":1234567,"trade_id":"52983525029461","conditions":[12,37,41],"tape":1,"participant_ms":1737993599997,"trf_id":202,"trf_ms":1737993600001,"flags":["late"]}""");
        decoded.Lines[1].ShouldEndWith(
            ""","market":"stock","kind":"quote","partition":7,"bid_exchange":11,"ask_exchange":12,"sequence":987,"conditions":[12],"indicators":[604],"tape":3}""");
        decoded.Json(6).GetProperty("vendor_received_ms").GetInt64().ShouldBe(1737993600009);
    }

    [Fact]
    public void Decode_with_all_is_the_published_json_with_more_fields()
    {
        var input = new KcatOutput().Add(Records.Golden).Add(Records.Quotes("EURUSD", 3)).ToArray();

        var (published, whole) = (Decoded.Of(input), Decoded.Of(input, all: true));

        whole.Lines.Length.ShouldBe(published.Lines.Length);
        foreach (var (index, line) in published.Lines.Index())
        {
            whole.Lines[index].ShouldStartWith(line[..^1]);
        }

        whole.Json(Records.GoldenTicks).GetProperty("source").GetString().ShouldBe("live");
    }

    [Fact]
    public void Decode_with_all_stays_json_whatever_a_feed_sent()
    {
        var longest = Enumerable.Repeat((byte)'"', Tick.MaxTradeIdBytes).ToArray();
        var codes = Enumerable.Repeat(int.MinValue, Tick.MaxListLength).ToArray();
        var flags = TickFlags.Late | TickFlags.RoundLots | (TickFlags)(1 << 30);
        var input = new KcatOutput().Add(Records.Trade(longest, flags, codes)).Add(Records.Trade([0xff, (byte)'\n'], flags, [])).ToArray();

        var decoded = Decoded.Of(input, all: true);

        decoded.ExitCode.ShouldBe(0);
        decoded.Json(0).GetProperty("trade_id").GetString().ShouldBe(new string('"', Tick.MaxTradeIdBytes));
        decoded.Json(0).GetProperty("indicators").EnumerateArray().Select(code => code.GetInt32()).ShouldBe(codes);
        decoded.Json(0).GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()).ShouldBe(["late", "round_lots", "bit_30"]);
        decoded.Json(1).GetProperty("trade_id").GetString().ShouldBe("\ufffd\n");
        decoded.Json(1).GetProperty("conditions").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public void Decode_with_symbols_in_any_form_writes_only_their_ticks()
    {
        var input = new KcatOutput().Add(Records.Golden).Add(Records.Quotes("XAUUSD", 2)).Add(Records.Quotes("EURUSD", 2)).ToArray();

        var decoded = Decoded.Of(input, all: false, "eur/usd", "BTC-USD");

        decoded.Lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("symbol").GetString())
            .ShouldBe(["EURUSD", "BTC-USD", "BTC-USD", "EURUSD", "EURUSD"]);
    }

    [Fact]
    public void Decode_skips_a_damaged_record_with_one_error_line()
    {
        var good = Records.Quotes("EURUSD", 2);
        var input = new KcatOutput().Add("hello"u8).Add(good).AddRecordWithoutValue().Add(good.AsSpan(0, good.Length / 2)).Add(good)
            .ToArray();

        var decoded = Decoded.Of(input);

        (decoded.ExitCode, decoded.Lines.Length).ShouldBe((1, 4));
        decoded.Errors.Length.ShouldBe(3);
        decoded.Errors[0].ShouldStartWith("The record at byte 0 is skipped: ");
        decoded.Errors[1].ShouldStartWith($"The record at byte {9 + 4 + good.Length} is skipped: ");
        decoded.Errors[2].ShouldStartWith($"The record at byte {9 + 4 + good.Length + 4} is skipped: ");
    }

    [Fact]
    public void Decode_record_damaged_in_any_byte_writes_json_or_one_error()
    {
        var random = new Random(20261120);
        for (var round = 0; round < 2000; round++)
        {
            var damaged = Records.Golden.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);

            var decoded = Decoded.Of(new KcatOutput().Add(damaged).Add(Records.Golden).ToArray(), all: true);

            // Either the damage is not detected, or it is reported once and the whole record is skipped.
            decoded.Errors.Length.ShouldBe(decoded.ExitCode);
            if (decoded.ExitCode == 1)
            {
                decoded.Lines.Length.ShouldBe(Records.GoldenTicks);
            }

            for (var line = 0; line < decoded.Lines.Length; line++)
            {
                decoded.Json(line).ValueKind.ShouldBe(JsonValueKind.Object);
            }
        }
    }

    [Fact]
    public void Decode_refuses_a_trade_of_a_currency_pair()
    {
        var decoded = Decoded.Of(new KcatOutput().Add(Records.Trade("1"u8, TickFlags.Late, [], symbol: "EURUSD")).ToArray());

        (decoded.ExitCode, decoded.Lines.Length).ShouldBe((1, 0));
        decoded.Errors.ShouldHaveSingleItem().ShouldContain("EURUSD");
    }

    [Fact]
    public void Decode_skips_gap_records_unless_requested()
    {
        var gap = GapOf("EURUSD");
        var input = new KcatOutput().Add(Records.Quotes("EURUSD", 2)).Add(gap).Add(Records.Quotes("XAUUSD", 1)).Add(GapOf("XAUUSD"))
            .ToArray();

        var (ticks, all, one) = (Decoded.Of(input), Decoded.WithGaps(input), Decoded.WithGaps(input, "EURUSD"));

        (ticks.ExitCode, ticks.Errors.Length, ticks.Lines.Length).ShouldBe((0, 0, 3));
        all.Lines.Length.ShouldBe(5);
        all.Lines[2].ShouldBe(Encoding.UTF8.GetString(gap));
        one.Lines.Length.ShouldBe(3);
        one.Lines[2].ShouldBe(Encoding.UTF8.GetString(gap));
    }

    [Fact]
    public void Decode_skips_and_reports_a_damaged_gap_record()
    {
        var decoded = Decoded.Of(new KcatOutput().Add(GapOf("EURUSD").SkipLast(1).ToArray()).Add(Records.Quotes("EURUSD", 2)).ToArray());

        (decoded.ExitCode, decoded.Lines.Length).ShouldBe((1, 2));
        decoded.Errors.ShouldHaveSingleItem().ShouldContain("byte 0");
    }

    private static byte[] GapOf(string name) => GapRecord.Write(new FeedGap(
        Guid.NewGuid(), Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name), TickKind.Quote, 1, 2,
        "disconnected",
        "a test", GapState.Open, 0, null, 3));

    [Fact]
    public void Decode_of_empty_input_succeeds() => Decoded.Of([]).ExitCode.ShouldBe(0);
}
