using System.Text.Json;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// A request to fetch a symbol's ticks over REST: the body of <c>POST /api/v1/backfill</c>,
/// <c>{"symbol":"EURUSD","from":1737993600000,"to":1737997200000,"kind":"quote"}</c>.
/// </summary>
/// <param name="FromMs">The start of the time range, inclusive, Unix ms, UTC.</param>
/// <param name="ToMs">The end of the time range, exclusive, Unix ms, UTC.</param>
/// <param name="Kind">The kind of ticks; null for all kinds that the market has.</param>
public sealed record BackfillRequest(Symbol Symbol, long FromMs, long ToMs, TickKind? Kind)
{
    /// <summary>The kinds to fetch; empty when the market has no ticks of <see cref="Kind"/>.</summary>
    public IEnumerable<TickKind> Kinds =>
        Enum.GetValues<TickKind>().Where(kind => FeedChannel.Exists(Symbol.Market, kind) && (Kind is null || kind == Kind));

    /// <summary>Serializes the request as the JSON body.</summary>
    public byte[] ToJson()
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("symbol"u8, Symbol.Name);
            json.WriteNumber("from"u8, FromMs);
            json.WriteNumber("to"u8, ToMs);
            if (Kind is { } kind)
            {
                json.WriteString("kind"u8, kind.Name());
            }

            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
