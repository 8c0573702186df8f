using System.Globalization;
using System.Numerics;
using System.Text;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Tests.Frames;

/// <summary>One element as the reader returned it. The text of a tick has its market, kind, symbol, time and each present field.</summary>
internal sealed record DecodedElement(ElementKind Kind, string Text, TickRejection Rejection = TickRejection.None)
{
    public const long ReceivedMs = 1_767_225_600_123;

    private static readonly TickFields[] Fields =
        [.. Enum.GetValues<TickFields>().Where(field => field is not (TickFields.None or TickFields.All))];

    private static readonly string[] Names = [.. Fields.Select(field => field.ToString())];

    public static List<DecodedElement> All(Market market, string frame) => All(market, Encoding.UTF8.GetBytes(frame));

    public static List<DecodedElement> All(Market market, ReadOnlyMemory<byte> frame) =>
        All(new FrameReader(market, new SymbolDictionary()), frame);

    public static List<DecodedElement> All(FrameReader reader, ReadOnlyMemory<byte> frame) => AllWithBytes(reader, frame).Elements;

    /// <summary>The elements of a frame, and the bytes of each element.</summary>
    public static (List<DecodedElement> Elements, List<byte[]> Bytes) AllWithBytes(FrameReader reader, ReadOnlyMemory<byte> frame)
    {
        var (elements, bytes) = (new List<DecodedElement>(), new List<byte[]>());
        reader.Open(frame, ReceivedMs);
        Tick tick = default;
        while (true)
        {
            switch (reader.Read(ref tick))
            {
                case ElementKind.End:
                    return (elements, bytes);
                case ElementKind.Tick:
                    tick.ReceivedMs.ShouldBe(ReceivedMs);
                    elements.Add(new(ElementKind.Tick, Describe(tick)));
                    break;
                case ElementKind.Status:
                    elements.Add(new(ElementKind.Status, $"{reader.Status.Status}: {reader.Status.Message}"));
                    break;
                case ElementKind.OtherEvent:
                    elements.Add(new(ElementKind.OtherEvent, Encoding.UTF8.GetString(reader.EventType.Span)));
                    break;
                default:
                    elements.Add(new(ElementKind.Rejected, Encoding.UTF8.GetString(reader.Element), reader.Rejection));
                    break;
            }

            bytes.Add(reader.Element.ToArray());
        }
    }

    public static List<string> Ticks(Market market, string frame) =>
        [.. All(market, frame).Where(element => element.Kind == ElementKind.Tick).Select(element => element.Text)];

    /// <summary>The text of the tick in a frame with one element.</summary>
    public static string Tick(Market market, string element)
    {
        var read = All(market, $"[{element}]").ShouldHaveSingleItem();
        read.Kind.ShouldBe(ElementKind.Tick, read.ToString());
        return read.Text;
    }

    public static string Describe(scoped in Tick tick)
    {
        var text = new StringBuilder($"{tick.Symbol.Market} {tick.Kind} {tick.Symbol} {Number(tick.TimestampMs)}");
        foreach (var field in Fields)
        {
            if (!tick.Has(field))
            {
                continue;
            }

            var value = field switch
            {
                TickFields.Bid => tick.Bid.ToString(),
                TickFields.Ask => tick.Ask.ToString(),
                TickFields.BidSize => tick.BidSize.ToString(),
                TickFields.AskSize => tick.AskSize.ToString(),
                TickFields.Price => tick.Price.ToString(),
                TickFields.Size => tick.Size.ToString(),
                TickFields.Exchange => Number(tick.Exchange),
                TickFields.BidExchange => Number(tick.BidExchange),
                TickFields.AskExchange => Number(tick.AskExchange),
                TickFields.Sequence => Number(tick.Sequence),
                TickFields.TradeId => Encoding.UTF8.GetString(tick.TradeId),
                TickFields.Conditions => string.Join(',', tick.Conditions.ToArray()),
                TickFields.Indicators => string.Join(',', tick.Indicators.ToArray()),
                TickFields.Tape => Number(tick.Tape),
                TickFields.ParticipantMs => Number(tick.ParticipantMs),
                TickFields.TrfId => Number(tick.TrfId),
                TickFields.TrfMs => Number(tick.TrfMs),
                TickFields.VendorReceivedMs => Number(tick.VendorReceivedMs),
                _ => tick.Flags.ToString(),
            };
            text.Append(' ').Append(NameOf(field)).Append('=').Append(value);
        }

        return text.ToString();
    }

    private static string NameOf(TickFields field) => Names[BitOperations.Log2((uint)field)];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
