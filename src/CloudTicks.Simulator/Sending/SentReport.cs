using System.Text.Json.Serialization;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Sending;

/// <summary>The response of <c>GET /api/v1/sent</c>.</summary>
/// <param name="Sending">False when no more ticks will be sent, because sending was stopped or the replay has ended.</param>
/// <param name="FirstTickMs">The time at which the first tick was sent, Unix ms; null before that.</param>
internal sealed record SentReport(
    [property: JsonPropertyName("sending")] bool Sending,
    [property: JsonPropertyName("finished")] bool Finished,
    [property: JsonPropertyName("first_tick_ms")] long? FirstTickMs,
    [property: JsonPropertyName("symbols")] IReadOnlyDictionary<string, SentSymbol> Symbols);

/// <param name="Sent">The number of ticks written to the socket of at least one subscriber.</param>
/// <param name="Sum">The wrapping 64-bit sum of the identities of all sent ticks, 16 hex digits.</param>
/// <param name="Generated">
/// The number of generated ticks, with or without subscribers. A client must have received each of them, or report it as missing.
/// </param>
/// <param name="Missed">The number of generated ticks that were written to no socket.</param>
/// <param name="Forgotten">The number of generated ticks that the REST endpoints no longer have.</param>
internal sealed record SentSymbol(
    [property: JsonPropertyName("market")] string Market,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("sent")] long Sent,
    [property: JsonPropertyName("distinct")] long Distinct,
    [property: JsonPropertyName("sum")] string Sum,
    [property: JsonPropertyName("distinct_sum")] string DistinctSum,
    [property: JsonPropertyName("made")] long Generated,
    [property: JsonPropertyName("made_distinct")] long MadeDistinct,
    [property: JsonPropertyName("made_distinct_sum")] string MadeDistinctSum,
    [property: JsonPropertyName("missed")] long Missed,
    [property: JsonPropertyName("forgotten")] long Forgotten)
{
    public static SentSymbol Of(Symbol symbol, IReadOnlyList<SimulatedChannel> channels) => new(
        symbol.Market.ToString().ToLowerInvariant(),
        channels.Count > 1 ? "both" : channels[0].Kind == TickKind.Quote ? "quote" : "trade",
        channels.Sum(channel => channel.Sent.Count),
        channels.Sum(channel => channel.Sent.Distinct),
        Hex(channels, channel => channel.Sent.Sum),
        Hex(channels, channel => channel.Sent.DistinctSum),
        channels.Sum(channel => channel.Generated.Count),
        channels.Sum(channel => channel.Generated.Distinct),
        Hex(channels, channel => channel.Generated.DistinctSum),
        channels.Sum(channel => channel.Missed),
        channels.Sum(channel => channel.History.Forgotten));

    private static string Hex(IReadOnlyList<SimulatedChannel> channels, Func<SimulatedChannel, ulong> sumOf) =>
        channels.Aggregate(0UL, (sum, channel) => unchecked(sum + sumOf(channel)))
            .ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
