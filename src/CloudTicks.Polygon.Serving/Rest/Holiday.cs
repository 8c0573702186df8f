namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>A day on which the stock exchanges are closed or close early.</summary>
/// <param name="ClosesAt">The early close; null when they are closed.</param>
internal sealed record Holiday(DateOnly Day, string Name, TimeOnly? ClosesAt = null);
