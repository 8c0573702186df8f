using System.Text.Json;
using CloudTicks.Collection.Gaps;
using CloudTicks.Ticks;

namespace CloudTicks.Collector.Gaps;

/// <summary>Parses and validates a <see cref="BackfillRequest"/>, whose times may also be ISO 8601.</summary>
internal sealed class BackfillRequestReader
{
    private const long MaxLengthMs = 366L * 86_400_000;
    /// <summary>The earliest time of a tick: the start of 1990.</summary>
    private const long EarliestMs = 631_152_000_000;

    private readonly List<RequestFault> _faults = [];

    private BackfillRequestReader()
    {
    }

    /// <param name="nowMs">The current time, Unix ms: nothing later can be fetched.</param>
    public static BackfillRequest? Read(JsonElement body, long nowMs, out IReadOnlyList<RequestFault> faults)
    {
        var reader = new BackfillRequestReader();
        faults = reader._faults;
        return reader.Read(body, nowMs);
    }

    private BackfillRequest? Read(JsonElement body, long nowMs)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            Refuse("", "The body is not a JSON object.");
            return null;
        }

        foreach (var field in body.EnumerateObject().Where(field => field.Name is not ("symbol" or "from" or "to" or "kind")))
        {
            Refuse($"/{field.Name}", "Unknown field. Known fields: symbol, from, to, kind.");
        }

        if (!Symbol.TryParse(Text(body, "symbol"), out var symbol))
        {
            Refuse("/symbol", Symbol.HintFor(Text(body, "symbol")));
        }

        var kind = symbol is null ? null : ReadKind(Text(body, "kind"));
        var (from, to) = (ReadTime(body, "from"), ReadTime(body, "to"));
        if (from is { } fromMs && to is { } toMs)
        {
            CheckTimes(fromMs, toMs, nowMs);
        }

        var request = symbol is null || _faults.Exists(fault => fault.Place == "/kind") ? null
            : new BackfillRequest(symbol, from.GetValueOrDefault(), to.GetValueOrDefault(), kind);
        if (request?.Kinds.Any() == false)
        {
            Refuse("/kind", $"Market {symbol!.Market.Name()} has no {kind!.Value.Name()}s.");
        }

        return _faults.Count == 0 ? request : null;
    }

    private TickKind? ReadKind(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (!TickNames.TryParse(text, out TickKind kind))
        {
            Refuse("/kind", "It must be quote or trade; omit it to fetch both.");
        }

        return kind;
    }

    private long? ReadTime(JsonElement body, string name)
    {
        if (TimeText.TryParse(Text(body, name), out var ms))
        {
            return ms;
        }

        Refuse($"/{name}", TimeText.Hint);
        return null;
    }

    private void CheckTimes(long fromMs, long toMs, long nowMs)
    {
        if (fromMs < EarliestMs || toMs > nowMs)
        {
            Refuse(toMs > nowMs ? "/to" : "/from", "It is before 1990 or in the future.");
        }
        else if (fromMs >= toMs)
        {
            Refuse("/from", "It is not before 'to'.");
        }
        else if (toMs - fromMs > MaxLengthMs)
        {
            Refuse("/from", "It is more than 366 days before 'to': request a shorter time range.");
        }
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    private void Refuse(string place, string detail) => _faults.Add(new RequestFault(place, detail));
}
