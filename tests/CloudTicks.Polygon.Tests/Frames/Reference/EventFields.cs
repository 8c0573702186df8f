using System.Globalization;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>The documented fields of each kind of event in the feed's form, with the values of a random tick.</summary>
internal static class EventFields
{
    private static readonly string[] Stocks = ["ABC", "BRK.A", "BACpL", "A+B"];
    private static readonly string[] Pairs = ["EUR/USD", "GBP-USD", "C:XAUUSD", "EUR/CZK"];
    private static readonly string[] Coins = ["BTC-USD", "X:ETH-USD", "DOGE-USD"];

    /// <summary>The fields of an event in documented order, with their values as JSON.</summary>
    public static List<(string Key, string Value)> Of(Market market, Random random)
    {
        var isQuote = market == Market.Forex || random.Next(2) == 0;
        return (market, isQuote) switch
        {
            (Market.Forex, _) =>
            [
                ("ev", "\"C\""), ("p", Text(Pick(Pairs, random))), ("x", Integer(48, random)), ("a", Price(random)), ("b", Price(random)),
                ("t", Time(random)), ("i", "1"),
            ],
            (Market.Crypto, true) =>
            [
                ("ev", "\"XQ\""), ("pair", Text(Pick(Coins, random))), ("bp", Price(random)), ("bs", Price(random)), ("ap", Price(random)),
                ("as", Price(random)), ("t", Time(random)), ("x", Integer(9, random)), ("r", Time(random)),
            ],
            (Market.Crypto, _) =>
            [
                ("ev", "\"XT\""), ("pair", Text(Pick(Coins, random))), ("p", Price(random)), ("s", "4e-05"), ("c", Codes(random)),
                ("i", Text($"e70b3a5c-{random.Next()}")), ("t", Time(random)), ("x", Integer(9, random)), ("r", Time(random)),
            ],
            (_, true) =>
            [
                ("ev", "\"Q\""), ("sym", Text(Pick(Stocks, random))), ("bx", Integer(20, random)), ("bp", Price(random)),
                ("bs", Integer(900, random)),
                ("ax", Integer(20, random)), ("ap", Price(random)), ("as", Integer(900, random)), ("c", Integer(40, random)),
                ("i", Codes(random)),
                ("t", Time(random)), ("q", Integer(90_000_000, random)), ("z", Integer(4, random)),
            ],
            _ =>
            [
                ("ev", "\"T\""), ("sym", Text(Pick(Stocks, random))), ("x", Integer(20, random)),
                ("i", Text(Integer(1_000_000_000, random))),
                ("z", Integer(4, random)), ("p", Price(random)), ("s", Integer(900, random)), ("ds", Text(Price(random))),
                ("c", Codes(random)), ("t", Time(random)), ("pt", Time(random)), ("q", Integer(90_000_000, random)),
                ("trfi", Integer(300, random)), ("trft", Time(random)),
            ],
        };
    }

    /// <summary>The fields as the feed writes them: in order, without white space.</summary>
    public static string ToJson(IEnumerable<(string Key, string Value)> fields) =>
        $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";

    private static string Price(Random random) => random.Next(3) switch
    {
        0 => string.Create(CultureInfo.InvariantCulture, $"{random.Next(1, 200_000)}.{random.Next(0, 100):00}"),
        1 => string.Create(CultureInfo.InvariantCulture, $"1.{random.NextInt64(0, 1_000_000_000_000_000):000000000000000}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{random.Next(0, 3)}.{random.Next(0, 100_000):00000}"),
    };

    private static string Time(Random random) => string.Create(CultureInfo.InvariantCulture, $"{1_700_000_000_000 + random.Next()}");

    private static string Integer(int below, Random random) => random.Next(below).ToString(CultureInfo.InvariantCulture);

    private static string Codes(Random random) => $"[{string.Join(',', Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(70)))}]";

    private static string Text(string text) => $"\"{text}\"";

    private static string Pick(string[] names, Random random) => names[random.Next(names.Length)];
}
