using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudTicks.Benchmarks.Decoding.Sides;

/// <summary>
/// An event as a program that uses System.Text.Json would declare it: the usual fields of quotes and trades, with prices as doubles.
/// </summary>
internal sealed class PolygonEvent
{
    [JsonPropertyName("ev")]
    public string? Type { get; set; }

    [JsonPropertyName("sym")]
    public string? Symbol { get; set; }

    [JsonPropertyName("i")]
    public string? TradeId { get; set; }

    [JsonPropertyName("x")]
    public int? Exchange { get; set; }

    [JsonPropertyName("p")]
    public double? Price { get; set; }

    [JsonPropertyName("s")]
    public double? Size { get; set; }

    /// <summary>The conditions: a list in a trade, a single number in a quote.</summary>
    [JsonPropertyName("c")]
    public JsonElement? Conditions { get; set; }

    [JsonPropertyName("bx")]
    public int? BidExchange { get; set; }

    [JsonPropertyName("bp")]
    public double? Bid { get; set; }

    [JsonPropertyName("bs")]
    public double? BidSize { get; set; }

    [JsonPropertyName("ax")]
    public int? AskExchange { get; set; }

    [JsonPropertyName("ap")]
    public double? Ask { get; set; }

    [JsonPropertyName("as")]
    public double? AskSize { get; set; }

    [JsonPropertyName("t")]
    public long Timestamp { get; set; }

    [JsonPropertyName("q")]
    public long? Sequence { get; set; }

    [JsonPropertyName("z")]
    public int? Tape { get; set; }
}

/// <summary>A currency quote; its <c>p</c> is the pair, not a price.</summary>
internal sealed class PolygonPairEvent
{
    [JsonPropertyName("ev")]
    public string? Type { get; set; }

    [JsonPropertyName("p")]
    public string? Pair { get; set; }

    [JsonPropertyName("x")]
    public int? Exchange { get; set; }

    [JsonPropertyName("a")]
    public double? Ask { get; set; }

    [JsonPropertyName("b")]
    public double? Bid { get; set; }

    [JsonPropertyName("t")]
    public long Timestamp { get; set; }
}

/// <summary>The generated serializers of the events.</summary>
[JsonSerializable(typeof(PolygonEvent[]))]
[JsonSerializable(typeof(PolygonPairEvent[]))]
internal sealed partial class PolygonEventContext : JsonSerializerContext;
