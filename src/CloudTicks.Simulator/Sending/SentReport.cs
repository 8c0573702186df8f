using System.Text.Json.Serialization;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Sending;

/// <summary>The answer of <c>GET /api/v1/sent</c>.</summary>
/// <param name="Sending">False when no more ticks will be sent: it was stopped, or a replay has come to its end.</param>
/// <param name="Finished">True when a replay has sent its last tick.</param>
/// <param name="FirstTickMs">When the first tick was sent, Unix ms; null before.</param>
/// <param name="Symbols">What was sent, by normalised symbol.</param>
internal sealed record SentReport(
    [property: JsonPropertyName("sending")] bool Sending,
    [property: JsonPropertyName("finished")] bool Finished,
    [property: JsonPropertyName("first_tick_ms")] long? FirstTickMs,
    [property: JsonPropertyName("symbols")] IReadOnlyDictionary<string, SentSymbol> Symbols);

/// <summary>What was sent of one symbol.</summary>
/// <param name="Market">forex or stock.</param>
/// <param name="Kind">quote, trade, or both.</param>
/// <param name="Sent">Ticks handed to the socket of at least one subscriber.</param>
/// <param name="Distinct">Those of them that differ in their identity.</param>
/// <param name="Sum">The wrapping 64-bit sum of the identities of all of them, 16 hex digits.</param>
/// <param name="DistinctSum">The same sum with each identity once.</param>
internal sealed record SentSymbol(
    [property: JsonPropertyName("market")] string Market,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("sent")] long Sent,
    [property: JsonPropertyName("distinct")] long Distinct,
    [property: JsonPropertyName("sum")] string Sum,
    [property: JsonPropertyName("distinct_sum")] string DistinctSum)
{
    public static SentSymbol Of(Symbol symbol, IReadOnlyList<FeedChannel> channels) => new(
        symbol.Market == Ticks.Market.Forex ? "forex" : "stock",
        channels.Count > 1 ? "both" : channels[0].Kind == TickKind.Quote ? "quote" : "trade",
        channels.Sum(channel => channel.Sent),
        channels.Sum(channel => channel.Distinct),
        Hex(channels.Aggregate(0UL, (sum, channel) => unchecked(sum + channel.Sum))),
        Hex(channels.Aggregate(0UL, (sum, channel) => unchecked(sum + channel.DistinctSum))));

    private static string Hex(ulong sum) => sum.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
