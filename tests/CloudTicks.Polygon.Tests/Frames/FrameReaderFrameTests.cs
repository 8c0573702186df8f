using System.Text;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Tests.Frames;

public class FrameReaderFrameTests
{
    private static string Quote(string pair, int bid = 1) => $$"""{"ev":"C","p":"{{pair}}","b":{{bid}},"a":9,"t":1700000000123}""";

    [Fact]
    public void Read_statuses_and_ticks_of_one_frame_keep_their_order()
    {
        var elements = DecodedElement.All(
            Market.Forex,
            $$"""[{"ev":"status","status":"success","message":"subscribed to: C.EUR/USD"},{{Quote("EUR/USD")}},{"message":"x","status":"max_connections","ev":"status"}]""");

        elements.Select(element => element.Kind).ShouldBe([ElementKind.Status, ElementKind.Tick, ElementKind.Status]);
        elements[0].Text.ShouldBe("success: subscribed to: C.EUR/USD");
        elements[2].Text.ShouldBe("max_connections: x");
    }

    [Fact]
    public void Read_acknowledgement_of_200_channels_is_complete()
    {
        var channels = string.Join(',', Enumerable.Range(0, 200).Select(number => $"Q.O:SPY251219C{number:00000000}"));

        var element =
            DecodedElement.All(Market.Option, $$"""[{"ev":"status","status":"success","message":"subscribed to: {{channels}}"}]""");

        element.ShouldHaveSingleItem().Text.ShouldBe($"success: subscribed to: {channels}");
    }

    [Theory]
    [InlineData("T.A")]
    [InlineData("T.\\u0041")]
    public void Read_too_long_status_ends_with_a_whole_name(string name)
    {
        var message = string.Concat(Enumerable.Repeat($"{name}BC,", 50_000));

        var element = DecodedElement.All(Market.Stock, $$"""[{"ev":"status","status":"success","message":"{{message}}"}]""");

        element.ShouldHaveSingleItem().Text.ShouldEndWith(",T.ABC");
    }

    [Fact]
    public void Read_single_object_is_a_frame_of_one() =>
        DecodedElement.Ticks(Market.Forex, Quote("EUR/USD")).ShouldHaveSingleItem();

    [Theory]
    [InlineData("")]
    [InlineData("  \r\n")]
    [InlineData("[]")]
    [InlineData(" [ ] ")]
    public void Read_empty_frame_has_no_elements(string frame) => DecodedElement.All(Market.Forex, frame).ShouldBeEmpty();

    [Theory]
    [InlineData("hello")]
    [InlineData("\"hello\"")]
    [InlineData("17")]
    [InlineData("{")]
    [InlineData("[{\"ev\":\"C\"")]
    [InlineData("[\u0000]")]
    public void Read_frame_without_json_is_rejected(string frame) =>
        DecodedElement.All(Market.Forex, frame).ShouldHaveSingleItem().Rejection.ShouldBe(TickRejection.NotJson);

    [Fact]
    public void Read_invalid_utf8_rejects_only_its_element()
    {
        var frame = Encoding.UTF8.GetBytes(
            $$"""[{{Quote("EUR/USD")}},{"note":"~","ev":"C"},{"note":"é","ev":"C","p":"GBP/USD","b":1,"a":2,"t":1700000000123}]""");
        frame[frame.AsSpan().IndexOf((byte)'~')] = 0xC3;

        var elements = DecodedElement.All(Market.Forex, frame);

        elements.Select(element => element.Rejection).ShouldBe([TickRejection.None, TickRejection.NotJson, TickRejection.None]);
    }

    [Fact]
    public void Read_deep_nesting_rejects_only_its_element()
    {
        var deep = new string('[', 100_000) + new string(']', 100_000);

        var elements = DecodedElement.All(Market.Forex, $$"""[{{Quote("EUR/USD")}},{"x":{{deep}}},{{Quote("GBP/USD")}}]""");

        elements.Count(element => element.Kind == ElementKind.Tick).ShouldBe(2);
        elements.ShouldContain(element => element.Rejection == TickRejection.NotJson);
    }

    [Theory]
    [InlineData("""{"ev":"C","p":"EUR/USD,"b":1,"a":2,"t":1}""")]
    [InlineData("""{"ev":"C","p":EUR/USD","b":1,"a":2,"t":1}""")]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1,"a":2,"t":1""")]
    [InlineData("""{"ev":"C","p":"EUR/USD","b":1,"a":2,"t":1}}""")]
    [InlineData("""{"ev":"C","p":"EUR/USD","c":[1,2,"a":2,"t":1}""")]
    [InlineData("""{"ev":"C","p":"EUR/USD","c":[1,2],"a":2,"t":1""")]
    [InlineData("""{"ev":"C","p":"EUR/USD","c":{"d":1,"a":2,"t":1}""")]
    [InlineData("""{"ev":"C","p":"EUR/USD\","b":1,"a":2,"t":1}""")]
    [InlineData("""{{"ev":"C","p":"EUR/USD","b":1]""")]
    [InlineData("""["ev":"C","p":"EUR/USD","b":1}""")]
    [InlineData("""[1,2,[3]]""")]
    [InlineData("""]""")]
    [InlineData("""}""")]
    [InlineData("""{"ev""")]
    public void Read_broken_element_keeps_its_neighbours(string broken)
    {
        var frame = $"[{Quote("GBP/USD", 1)},{broken},{Quote("GBP/USD", 2)},{broken},{Quote("GBP/USD", 3)},{Quote("GBP/USD", 4)}]";

        var ticks = DecodedElement.Ticks(Market.Forex, frame).Where(tick => tick.Contains("GBPUSD", StringComparison.Ordinal)).ToList();

        ticks.Count.ShouldBe(4, string.Join('\n', DecodedElement.All(Market.Forex, frame)));
    }

    [Theory]
    [InlineData("""{"a":[{},""")]
    [InlineData("""{"a":"},""")]
    [InlineData("""{"a":"{",""")]
    [InlineData("""{"ev":"C"[,""")]
    [InlineData("""[""")]
    [InlineData("""]""")]
    [InlineData("""{"a":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,{},""")]
    public void Read_hostile_frame_of_1_MiB_ends(string pattern)
    {
        var frame = Encoding.UTF8.GetBytes("[" + string.Concat(Enumerable.Repeat(pattern, (1 << 20) / pattern.Length)));
        var reader = new FrameReader(Market.Forex, new SymbolDictionary());
        reader.Open(frame, 0);
        Tick tick = default;

        var rejectedBytes = 0;
        while (reader.Read(ref tick) != ElementKind.End)
        {
            rejectedBytes += reader.Element.Length;
        }

        rejectedBytes.ShouldBeInRange(1, frame.Length);
    }
}
