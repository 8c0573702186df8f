using System.Text.Json;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// A request to fetch a symbol's ticks over REST: the body of <c>POST /api/v1/backfill</c>,
/// <c>{"symbol":"EURUSD","from":1737993600000,"to":1737997200000,"kind":"quote"}</c>.
/// </summary>
/// <param name="FromMs">The first Unix ms, UTC.</param>
/// <param name="ToMs">The Unix ms after the last.</param>
/// <param name="Kind">The kind of ticks; null for all kinds that the market has.</param>
public sealed record BackfillRequest(Symbol Symbol, long FromMs, long ToMs, TickKind? Kind)
{
    /// <summary>The kinds to fetch; empty when the market has none of <see cref="Kind"/>.</summary>
    public IEnumerable<TickKind> Kinds =>
        Enum.GetValues<TickKind>().Where(kind => FeedChannel.Exists(Symbol.Market, kind) && (Kind is null || kind == Kind));

    /// <summary>Writes the body.</summary>
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
