using System.Text.Json;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collector.Gaps;

/// <summary>The body of <c>POST /api/v1/backfill</c>: <c>{"symbol":"EURUSD","from":"2025-01-27T16:00:00Z","to":1737997200000,"kind":"quote"}</c>.</summary>
internal sealed class BackfillOrder
{
    private const long MostMs = 366L * 86_400_000;
    private const long EarliestMs = 631_152_000_000; // 1990, as of all ticks

    private readonly Dictionary<string, string[]> _problems = [];

    private BackfillOrder()
    {
    }

    public Symbol? Symbol { get; private set; }

    public IReadOnlyList<TickKind> Kinds { get; private set; } = [];

    public long FromMs { get; private set; }

    /// <summary>The last Unix ms that is wanted.</summary>
    public long ToMs { get; private set; }

    /// <summary>What is wrong, by field; empty when nothing is.</summary>
    public IDictionary<string, string[]> Problems => _problems;

    public static BackfillOrder Read(JsonElement body, long nowMs)
    {
        var order = new BackfillOrder();
        if (body.ValueKind != JsonValueKind.Object)
        {
            order.Refuse("body", "It is no JSON object.");
            return order;
        }

        foreach (var field in body.EnumerateObject().Where(field => field.Name is not ("symbol" or "from" or "to" or "kind")))
        {
            order.Refuse(field.Name, "There is no such field; there are: symbol, from, to, kind.");
        }

        order.ReadSymbol(Text(body, "symbol"), Text(body, "kind"));
        order.ReadTimes(order.Time(body, "from"), order.Time(body, "to"), nowMs);
        return order;
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText() : null;

    private void ReadSymbol(string? symbol, string? kind)
    {
        if (!Ticks.Symbol.TryParse(symbol, out var wanted))
        {
            Refuse("symbol", Ticks.Symbol.HintFor(symbol));
            return;
        }

        Symbol = wanted;
        var named = default(TickKind);
        if (kind is not null && !GapNames.TryParse(kind, out named))
        {
            Refuse("kind", "It must be quote or trade; without it both are fetched.");
            return;
        }

        Kinds = [.. Enum.GetValues<TickKind>().Where(one => FeedChannel.Exists(wanted.Market, one) && (kind is null || one == named))];
        if (Kinds.Count == 0)
        {
            Refuse("kind", $"There are no {named.Name()}s of market {wanted.Market.Name()}.");
        }
    }

    private void ReadTimes(long? from, long? to, long nowMs)
    {
        if (from is not { } first || to is not { } behind)
        {
            return;
        }

        if (first < EarliestMs || behind > nowMs)
        {
            Refuse(behind > nowMs ? "to" : "from", "It is before 1990, or has not come yet.");
        }
        else if (first >= behind)
        {
            Refuse("from", "It is not before 'to'.");
        }
        else if (behind - first > MostMs)
        {
            Refuse("from", "It is more than 366 days before 'to': ask for a shorter time.");
        }

        (FromMs, ToMs) = (first, behind - 1);
    }

    private long? Time(JsonElement body, string name)
    {
        if (TimeText.TryParse(Text(body, name), out var ms))
        {
            return ms;
        }

        Refuse(name, TimeText.Hint);
        return null;
    }

    private void Refuse(string name, string why) => _problems.TryAdd(name, [why]);
}
