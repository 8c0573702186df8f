namespace CloudTicks.Polygon.Rest;

/// <summary>A day on which an exchange is closed or has unusual hours.</summary>
/// <param name="Exchange">Such as <c>NYSE</c> or <c>NASDAQ</c>.</param>
/// <param name="Name">Such as <c>Thanksgiving</c>.</param>
/// <param name="Open">When it opens; null when it is closed for the day.</param>
/// <param name="Close">When it closes; null when it is closed for the day.</param>
public sealed record MarketHoliday(DateOnly Date, string Exchange, string Name, DateTimeOffset? Open, DateTimeOffset? Close);
