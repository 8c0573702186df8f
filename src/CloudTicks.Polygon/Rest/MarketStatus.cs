namespace CloudTicks.Polygon.Rest;

/// <summary>Which markets are open now, according to the server.</summary>
/// <param name="Stocks">Stocks and their options: <c>open</c>, <c>closed</c> or <c>extended-hours</c>.</param>
/// <param name="Forex">Currencies and metals; null when not reported.</param>
/// <param name="Crypto">Crypto currencies; null when not reported.</param>
public sealed record MarketStatus(DateTimeOffset ServerTime, string Stocks, string? Forex, string? Crypto);
