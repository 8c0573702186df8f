namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>A day on which the stock exchanges are closed or close early.</summary>
/// <param name="ClosesAt">The time of the early close; null when the exchanges are closed all day.</param>
internal sealed record Holiday(DateOnly Day, string Name, TimeOnly? ClosesAt = null);
