using System.Text.Json;
using System.Text.Unicode;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>Decodes an element with System.Text.Json and the rules of the protocol. It shares no code with the reader.</summary>
internal static class ReferenceDecoder
{
    /// <summary>The maximum depth: the object and 32 levels below it.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 33 };

    /// <summary>The elements of a frame; null when the frame as a whole is not JSON.</summary>
    public static List<DecodedElement>? ReadFrame(Market market, ReadOnlyMemory<byte> frame)
    {
        if (!Utf8.IsValid(frame.Span))
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(frame, Options with { MaxDepth = 34 });
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(element => Read(market, element))]
                : [Read(market, document.RootElement)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Decodes one element from its bytes.</summary>
    public static DecodedElement Read(Market market, ReadOnlyMemory<byte> element)
    {
        if (Utf8.IsValid(element.Span))
        {
            try
            {
                using var document = JsonDocument.Parse(element, Options);
                return Read(market, document.RootElement);
            }
            catch (JsonException)
            {
                // The element is not JSON.
            }
        }

        return Rejected(TickRejection.NotJson);
    }

    private static DecodedElement Read(Market market, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return Rejected(TickRejection.NotJson);
        }

        var fields = new ReferenceFields(element);
        if (fields.Text("ev", 32, TickRejection.BadField) is not { } type)
        {
            return Rejected(TickRejection.BadField);
        }

        if (KindOf(market, type) is not { } kind)
        {
            return type == "status"
                ? new DecodedElement(ElementKind.Status, $"{TextOrEmpty(fields, "status")}: {TextOrEmpty(fields, "message")}")
                : new DecodedElement(ElementKind.OtherEvent, type);
        }

        var tick = ReferenceTick.Read(market, kind, fields);
        return fields.Rejection == TickRejection.None ? new DecodedElement(ElementKind.Tick, tick) : Rejected(fields.Rejection);
    }

    private static DecodedElement Rejected(TickRejection reason) => new(ElementKind.Rejected, "", reason);

    private static string TextOrEmpty(ReferenceFields fields, string name) => fields.Text(name, 64 << 10, TickRejection.TooLong) ?? "";

    private static TickKind? KindOf(Market market, string type) => (market, type) switch
    {
        (Market.Stock or Market.Option, "Q") => TickKind.Quote,
        (Market.Stock or Market.Option, "T") => TickKind.Trade,
        (Market.Forex, "C") => TickKind.Quote,
        (Market.Crypto, "XQ") => TickKind.Quote,
        (Market.Crypto, "XT") => TickKind.Trade,
        _ => null,
    };
}
