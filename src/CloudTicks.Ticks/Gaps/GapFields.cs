using System.Text.Json;

namespace CloudTicks.Ticks.Gaps;

/// <summary>Reads and checks the fields of a gap record.</summary>
internal readonly struct GapFields
{
    private readonly JsonElement _gap;

    public GapFields(JsonElement record)
    {
        if (record.ValueKind != JsonValueKind.Object || !record.TryGetProperty("gap"u8, out _gap) || _gap.ValueKind != JsonValueKind.Object)
        {
            throw new GapFormatException("The record is JSON, but has no object 'gap': it is not a gap record.");
        }
    }

    /// <exception cref="GapFormatException">The version is unknown, or a field is missing or wrong.</exception>
    public FeedGap Read()
    {
        if (Number("version") is var version && version != GapRecord.Version)
        {
            throw new GapFormatException(
                $"The gap record has version {version}; this program reads version {GapRecord.Version}. Update the program.");
        }

        if (!TickNames.TryParse(Text("market", GapRecord.MaxCauseLength), out Market market)
            || !Symbol.TryParseStored(market, Text("symbol", Symbol.MaxNameBytes), out var symbol))
        {
            throw new GapFormatException("The gap record's 'market' and 'symbol' do not name a symbol.");
        }

        if (!TickNames.TryParse(Text("kind", GapRecord.MaxCauseLength), out TickKind kind)
            || !TickNames.TryParse(Text("state", GapRecord.MaxCauseLength), out GapState state))
        {
            throw new GapFormatException("The gap record's 'kind' or 'state' is unknown to this program.");
        }

        var id = Uuid("id");
        var (from, to) = (Number("from_ms"), Has("to_ms") ? Number("to_ms") : (long?)null);
        return to < from
            ? throw new GapFormatException($"The gap ends at {to}, before it begins at {from}.")
            : new FeedGap(
                id, symbol, kind, from, to, Text("cause", GapRecord.MaxCauseLength), Text("found_by", GapRecord.MaxTextLength), state,
                Number("recovered"), Has("detail") ? Text("detail", GapRecord.MaxTextLength) : null, Number("changed_ms"),
                Has("missing") ? Number("missing") : 0, Has("restored") ? Number("restored") : 0, Has("loss") ? Uuid("loss") : null);
    }

    private Guid Uuid(string name) =>
        Guid.TryParse(Text(name, GapRecord.MaxCauseLength), out var id) ? id
            : throw new GapFormatException($"The gap record's '{name}' is not a UUID.");

    private bool Has(string name) => _gap.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private long Number(string name) =>
        _gap.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            && number >= 0
            ? number
            : throw new GapFormatException($"The gap record's '{name}' is not an integer of 0 or more.");

    private string Text(string name, int max)
    {
        if (!_gap.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
        {
            throw new GapFormatException($"The gap record's '{name}' is not a string.");
        }

        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair: JSON allows it, UTF-16 does not.
            throw new GapFormatException($"The gap record's '{name}' is not valid UTF-16.");
        }

        return text.Length <= max && !text.Contains('\0', StringComparison.Ordinal) ? text
            : throw new GapFormatException(
                $"The gap record's '{name}' is longer than {max} characters, or contains a NUL character.");
    }
}
