using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Functions.DbCommands;

/// <summary>Reads a command's records; numbers are parsed from their text, never converted through floating point.</summary>
internal static class SaveRecordReader
{
    private const string UnknownField =
        "There is no such field; a quote has timestamp, bid, ask, bid_size and ask_size, a trade timestamp, price and size; "
        + "both may have ticker.";
    private const string InvalidTime =
        "It is not an ISO 8601 time with a zone, such as 2025-01-27T16:00:00.123Z or 2025-01-27T17:00:00+01:00.";
    private const string NotANumber = "It is not a JSON number.";
    private const string Inexact = "It has more digits than can be kept exactly, and ticks are never rounded.";
    private const string NegativePrice = "A price must not be below zero.";
    private const string NegativeSize = "A size must not be below zero.";
    private const string Duplicate = "It is present more than once.";

    /// <param name="json">Positioned at the record's beginning; after the call, at its end.</param>
    public static SaveRecord Read(ref Utf8JsonReader json, int index, out string? ticker, RequestProblems problems)
    {
        ticker = null;
        var record = default(SaveRecord);
        var problemsBefore = problems.Total;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            problems.Add(RequestProblems.Record(index), "It is not a JSON object.");
            record.IsFaulty = true;
            json.Skip();
            return record;
        }

        bool hasTime = false, hasTicker = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("timestamp"u8))
            {
                json.Read();
                Expect(!hasTime, index, "timestamp", Duplicate, problems);
                Expect(TryTime(ref json, out record.TimestampMs, out record.IsZoneless), index, "timestamp", InvalidTime, problems);
                hasTime = true;
            }
            else if (json.ValueTextEquals("ticker"u8))
            {
                json.Read();
                Expect(!hasTicker, index, "ticker", Duplicate, problems);
                Expect(json.TokenType == JsonTokenType.String, index, "ticker", "It is not a string.", problems);
                ticker = json.TokenType == JsonTokenType.String ? json.GetString() : null;
                hasTicker = true;
            }
            else if (FieldOf(json) is var field && field != TickFields.None)
            {
                json.Read();
                ReadNumber(ref json, field, ref record, index, problems);
            }
            else
            {
                problems.Add(RequestProblems.Record(index, SaveCommandReader.Shorten(json.GetString()!)), UnknownField);
                json.Read();
            }

            json.Skip();
        }

        Expect(hasTime, index, "timestamp", "It is missing.", problems);
        record.IsFaulty = problems.Total > problemsBefore;
        return record;
    }

    public static string NameOf(TickFields field) => field switch
    {
        TickFields.Bid => "bid",
        TickFields.Ask => "ask",
        TickFields.BidSize => "bid_size",
        TickFields.AskSize => "ask_size",
        TickFields.Price => "price",
        TickFields.Size => "size",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "There is no such field in a record."),
    };

    private static TickFields FieldOf(in Utf8JsonReader json) =>
        json.ValueTextEquals("bid"u8) ? TickFields.Bid
        : json.ValueTextEquals("ask"u8) ? TickFields.Ask
        : json.ValueTextEquals("bid_size"u8) ? TickFields.BidSize
        : json.ValueTextEquals("ask_size"u8) ? TickFields.AskSize
        : json.ValueTextEquals("price"u8) ? TickFields.Price
        : json.ValueTextEquals("size"u8) ? TickFields.Size
        : TickFields.None;

    private static void ReadNumber(ref Utf8JsonReader json, TickFields field, ref SaveRecord record, int index, RequestProblems problems)
    {
        if (json.TokenType == JsonTokenType.Null)
        {
            return; // null means that the field is absent
        }

        if ((record.Fields & field) != 0)
        {
            problems.Add(RequestProblems.Record(index, NameOf(field)), Duplicate);
        }

        record.Fields |= field;
        var value = default(Price);
        if (json.TokenType != JsonTokenType.Number)
        {
            problems.Add(RequestProblems.Record(index, NameOf(field)), NotANumber);
        }
        else if (!Price.TryParse(json.ValueSpan, out value))
        {
            problems.Add(RequestProblems.Record(index, NameOf(field)), Inexact);
        }
        else if (value.Mantissa < 0)
        {
            var isSize = field is TickFields.BidSize or TickFields.AskSize or TickFields.Size;
            problems.Add(RequestProblems.Record(index, NameOf(field)), isSize ? NegativeSize : NegativePrice);
        }

        switch (field)
        {
            case TickFields.Bid:
                record.Bid = value;
                break;
            case TickFields.Ask:
                record.Ask = value;
                break;
            case TickFields.BidSize:
                record.BidSize = value;
                break;
            case TickFields.AskSize:
                record.AskSize = value;
                break;
            case TickFields.Price:
                record.Price = value;
                break;
            default:
                record.Size = value;
                break;
        }
    }

    private static bool TryTime(ref Utf8JsonReader json, out long milliseconds, out bool isZoneless)
    {
        (milliseconds, isZoneless) = (0, false);
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length > IsoTime.MaxLength)
        {
            return false;
        }

        Span<char> text = stackalloc char[IsoTime.MaxLength];
        var isTime = IsoTime.TryParse(text[..json.CopyString(text)], out milliseconds, out var hasZone);
        isZoneless = isTime && !hasZone;
        return isTime;
    }

    private static void Expect(bool isValid, int index, string field, string fault, RequestProblems problems)
    {
        if (!isValid)
        {
            problems.Add(RequestProblems.Record(index, field), fault);
        }
    }
}
