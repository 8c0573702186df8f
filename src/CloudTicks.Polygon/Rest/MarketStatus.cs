namespace CloudTicks.Polygon.Rest;

/// <summary>Which markets are open now, as the server says.</summary>
/// <param name="Stocks">Stocks and their options: <c>open</c>, <c>closed</c> or <c>extended-hours</c>.</param>
/// <param name="Forex">Currencies and metals; null when it did not say.</param>
/// <param name="Crypto">Crypto currencies; null when it did not say.</param>
public sealed record MarketStatus(DateTimeOffset ServerTime, string Stocks, string? Forex, string? Crypto);
