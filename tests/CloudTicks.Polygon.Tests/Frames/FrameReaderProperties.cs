using System.Globalization;
using System.Text;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Polygon.Tests.Frames;

public class FrameReaderProperties
{
    private static readonly string[] Blanks = ["", "", "", " ", "\n", "\t \r\n"];

    private static readonly Gen<string> Blank = Gen.Elements(Blanks);

    private static readonly Gen<string> UnknownField = Gen.Elements(
        "\"zz\":1", "\"note\":\"},{\\\"ev\\\":\\\"C\\\"\"", "\"n\":null", "\"deep\":{\"ev\":\"C\",\"l\":[1,{\"p\":2}]}", "\"e\":[]",
        "\"\":-0.5E+3");

    /// <summary>A forex quote with fields in any order, unknown fields and white space. The bid is the number plus one.</summary>
    private static Gen<string> QuoteText(int number) =>
        from unknown in UnknownField.ListOf(2)
        let known = new List<string>
        {
            "\"ev\":\"C\"", "\"p\":\"EUR/USD\"", string.Create(CultureInfo.InvariantCulture, $"\"b\":{number + 1}"), "\"a\":999999",
            "\"t\":1700000000123",
        }
        from order in Gen.Shuffle([.. known, .. unknown])
        from blank in Blank
        select $"{{{blank}{string.Join($"{blank},{blank}", order.Select(field => Spaced(field, blank)))}{blank}}}";

    private static Gen<string[]> QuoteTexts(int maxCount) =>
        from count in Gen.Choose(1, maxCount)
        from texts in Gen.CollectToArray(Enumerable.Range(0, count), QuoteText)
        select texts;

    private static string Expected(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"Forex Quote EURUSD 1700000000123 Bid={number + 1} Ask=999999");

    [Fact]
    public void Read_valid_elements_in_any_form_are_decoded() => Check.QuickThrowOnFailure(
        Prop.ForAll(
            Arb.From(from texts in QuoteTexts(20) from blank in Blank select (texts, blank)),
            input =>
            {
                var (texts, blank) = input;
                var frame = $"{blank}[{blank}{string.Join($"{blank},{blank}", texts)}{blank}]{blank}";
                DecodedElement.All(Market.Forex, frame)
                    .ShouldBe(texts.Select((_, number) => new DecodedElement(ElementKind.Tick, Expected(number))));
            }));

    [Fact]
    public void Read_damaged_byte_loses_no_other_element() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20_000),
        Prop.ForAll(
            Arb.From(
                from damaged in Gen.Choose(0, 4)
                from position in Gen.Choose(0, 70)
                from newByte in Gen.Frequency(
                    (3, Gen.Elements("\"{}[],:\\ -1e\n".Select(sign => (byte)sign))), (1, Gen.Choose(0, 255).Select(code => (byte)code)))
                from edit in Gen.Choose(0, 2)
                select (damaged, position, newByte, edit)),
            input =>
            {
                var (damaged, position, newByte, edit) = input;
                var elements = Enumerable.Range(0, 5).Select(Element).ToArray();
                elements[damaged] = Damage(elements[damaged], position, newByte, edit);
                byte[] frame =
                    [(byte)'[', .. elements.SelectMany((element, index) => index == 0 ? element : [(byte)',', .. element]), (byte)']'];

                var read = DecodedElement.All(Market.Forex, frame);

                foreach (var number in Enumerable.Range(0, 5).Where(number => number != damaged))
                {
                    read.ShouldContain(new DecodedElement(ElementKind.Tick, Expected(number)), Encoding.Latin1.GetString(frame));
                }
            }));

    [Fact]
    public void Read_random_bytes_ends_without_exception() => Check.QuickThrowOnFailure(
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            frame => DecodedElement.All(Market.Stock, frame).Count.ShouldBeLessThanOrEqualTo(frame.Length)));

    private static string Spaced(string field, string blank)
    {
        var colon = field.IndexOf("\":", StringComparison.Ordinal) + 1;
        return $"{field[..colon]}{blank}:{blank}{field[(colon + 1)..]}";
    }

    private static byte[] Element(int number) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $$"""{"ev":"C","p":"EUR/USD","b":{{number + 1}},"a":999999,"t":1700000000123}"""));

    private static byte[] Damage(byte[] element, int position, byte newByte, int edit)
    {
        position %= element.Length;
        return edit switch
        {
            0 => [.. element[..position], newByte, .. element[(position + 1)..]],
            1 => [.. element[..position], newByte, .. element[position..]],
            _ => [.. element[..position], .. element[(position + 1)..]],
        };
    }
}
