namespace CloudTicks.Polygon.Rest;

/// <summary>A day on which an exchange is closed or has unusual hours.</summary>
/// <param name="Exchange">The name of the exchange, such as <c>NYSE</c> or <c>NASDAQ</c>.</param>
/// <param name="Name">The name of the holiday, such as <c>Thanksgiving</c>.</param>
/// <param name="Open">The opening time; null when the exchange is closed all day.</param>
/// <param name="Close">The closing time; null when the exchange is closed all day.</param>
public sealed record MarketHoliday(DateOnly Date, string Exchange, string Name, DateTimeOffset? Open, DateTimeOffset? Close);
