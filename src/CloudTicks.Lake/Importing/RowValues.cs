using System.Text;
using System.Text.Json;
using CloudTicks.Lake.Files;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>Parses a row's values as fields of a tick. An empty text, <c>null</c> and <c>nan</c> mean that the value is absent.</summary>
internal sealed class RowValues(ImportColumns columns, ImportSettings settings)
{
    private const int MaxQuotedBytes = 60;

    private readonly ImportTimes _times = new(settings);

    public TextRow Row { get; set; } = new();

    /// <summary>Creates an exception that says what is wrong with a value.</summary>
    public ImportRowException Fault(ImportField field, string problem)
    {
        var text = columns.Has(field) ? Encoding.UTF8.GetString(Row[columns[field]]) : "";
        var truncated = text.Length > MaxQuotedBytes ? $"{text[..MaxQuotedBytes]}..." : text;
        return new ImportRowException($"column {columns.NameOf(field)}: '{truncated}' {problem}");
    }

    public Price Price(ImportField field, TickFields bit, ref Tick tick)
    {
        if (Value(field) is not { IsEmpty: false } text)
        {
            return default;
        }

        tick.Fields |= bit;
        return PlainNumber.TryParse(text, out var price) ? price : throw Fault(field, "is not a number of at most 19 digits");
    }

    public long? Integer(ImportField field)
    {
        if (Value(field) is not { IsEmpty: false } text)
        {
            return null;
        }

        return PlainNumber.TryParse(text, out var number) && number.Scale == 0 ? number.Mantissa
            : throw Fault(field, "is not a whole number");
    }

    public long Long(ImportField field, TickFields bit, ref Tick tick)
    {
        if (Integer(field) is not { } number)
        {
            return 0;
        }

        tick.Fields |= bit;
        return number;
    }

    public int Int(ImportField field, TickFields bit, ref Tick tick) =>
        Long(field, bit, ref tick) is >= int.MinValue and <= int.MaxValue and var number ? (int)number
            : throw Fault(field, "is not a 32-bit whole number");

    public long? Time(ImportField field)
    {
        if (Value(field) is not { IsEmpty: false } text)
        {
            return null;
        }

        return _times.TryRead(text, out var ms) ? ms : throw Fault(field, settings.TimeFormat is { } format
            ? $"is not a time in the format {format}"
            : "is not a time, neither Unix nor ISO 8601. Set its format with --time-format");
    }

    public long Time(ImportField field, TickFields bit, ref Tick tick)
    {
        if (Time(field) is not { } ms)
        {
            return 0;
        }

        tick.Fields |= bit;
        return ms;
    }

    public ReadOnlySpan<byte> Text(ImportField field, int maxBytes)
    {
        var text = columns.Has(field) ? Row[columns[field]] : default;
        return text.Length <= maxBytes ? text : throw Fault(field, $"is longer than {maxBytes} bytes");
    }

    /// <summary>Parses a list of whole numbers, separated by spaces, commas, semicolons or bars, optionally in brackets.</summary>
    public ReadOnlySpan<int> List(ImportField field, int[] numbers)
    {
        var count = 0;
        var text = Value(field).Trim("[] "u8);
        foreach (var part in text.SplitAny(" ,;|"u8))
        {
            if (text[part].IsEmpty)
            {
                continue;
            }

            if (count == numbers.Length)
            {
                throw Fault(field, $"has more than {numbers.Length} numbers");
            }

            numbers[count++] = PlainNumber.TryParse(text[part], out var number) && number is { Scale: 0, Mantissa: >= int.MinValue }
                && number.Mantissa <= int.MaxValue
                ? (int)number.Mantissa : throw Fault(field, "is not a list of whole numbers");
        }

        return numbers.AsSpan(0, count);
    }

    /// <summary>Replaces rounded prices with the exact ones, which have more decimals than the column.</summary>
    public void ApplyExact(ref Tick tick)
    {
        if (Value(ImportField.ExactText) is not { IsEmpty: false } text)
        {
            return;
        }

        try
        {
            ExactTexts.Apply(text, ref tick);
        }
        catch (JsonException)
        {
            throw Fault(ImportField.ExactText, "is not an object of exact prices");
        }
    }

    private ReadOnlySpan<byte> Value(ImportField field)
    {
        if (!columns.Has(field))
        {
            return default;
        }

        var text = Row[columns[field]].Trim(" "u8);
        return text.Length is 3 or 4 && (Ascii.EqualsIgnoreCase(text, "nan"u8) || Ascii.EqualsIgnoreCase(text, "null"u8)) ? default : text;
    }
}
