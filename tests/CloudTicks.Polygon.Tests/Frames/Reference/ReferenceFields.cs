using System.Text;
using System.Text.Json;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>The fields of one object as System.Text.Json reads them: the last value of a repeated key, and null as absent.</summary>
internal sealed class ReferenceFields
{
    private readonly Dictionary<string, JsonElement> _fields = [];

    public ReferenceFields(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (NameOf(property) is { } name)
            {
                _fields[name] = property.Value;
            }
        }

        foreach (var (name, _) in _fields.Where(field => field.Value.ValueKind == JsonValueKind.Null).ToArray())
        {
            _fields.Remove(name);
        }
    }

    /// <summary>The first reason to refuse the element.</summary>
    public TickRejection Rejection { get; private set; }

    public bool Has(string name) => _fields.ContainsKey(name);

    public void Reject(TickRejection reason) => Rejection = Rejection == TickRejection.None ? reason : Rejection;

    public string? Text(string name, int maxBytes, TickRejection tooLong)
    {
        if (!_fields.TryGetValue(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            Reject(TickRejection.BadField);
            return null;
        }

        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : TextOf(value);
        if (text is null || Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            Reject(text is null ? TickRejection.NotJson : tooLong);
            return null;
        }

        return text;
    }

    public string? Decimal(string name, TickRejection inexact)
    {
        if (Number(name) is not { } found)
        {
            return null;
        }

        var number = ReferenceNumber.Parse(found.Text)?.Text;
        if (number is null)
        {
            Reject(found.IsText ? TickRejection.BadField : inexact);
        }

        return number;
    }

    public long? Integer(string name)
    {
        if (Number(name) is not { } found)
        {
            return null;
        }

        var number = ReferenceNumber.Parse(found.Text)?.Integer;
        if (number is null)
        {
            Reject(TickRejection.BadField);
        }

        return number;
    }

    public int? Int32(string name)
    {
        var number = Integer(name);
        if (number is null or (>= int.MinValue and <= int.MaxValue))
        {
            return (int?)number;
        }

        Reject(TickRejection.BadField);
        return null;
    }

    public long? Time(string name) => Integer(name) switch
    {
        null or 0 => null,
        < 0 and var before1970 => before1970,
        < 100_000_000_000 and var seconds => seconds * 1_000,
        < 100_000_000_000_000 and var milliseconds => milliseconds,
        < 100_000_000_000_000_000 and var microseconds => microseconds / 1_000,
        var nanoseconds => nanoseconds / 1_000_000,
    };

    public List<int> List(string name, int maxLength)
    {
        if (!_fields.TryGetValue(name, out var value) || value.ValueKind != JsonValueKind.Array)
        {
            return Int32(name) is { } only ? [only] : [];
        }

        var entries = new List<int>();
        foreach (var entry in value.EnumerateArray())
        {
            var number = entry.ValueKind == JsonValueKind.Number ? ReferenceNumber.Parse(entry.GetRawText())?.Integer : null;
            if (entries.Count == maxLength || number is null or < int.MinValue or > int.MaxValue)
            {
                Reject(entries.Count == maxLength ? TickRejection.TooLong : TickRejection.BadField);
                return [];
            }

            entries.Add((int)number);
        }

        return entries;
    }

    private (string Text, bool IsText)? Number(string name)
    {
        if (!_fields.TryGetValue(name, out var value))
        {
            return null;
        }

        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => TextOf(value),
            _ => null,
        };
        if (text is null)
        {
            Reject(TickRejection.BadField);
            return null;
        }

        return (text, value.ValueKind == JsonValueKind.String);
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair cannot be a known key.
            return null;
        }
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
