namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>A day on which the exchanges of stocks are closed, or close early.</summary>
/// <param name="ClosesAt">When they close; null when they do not open.</param>
internal sealed record Holiday(DateOnly Day, string Name, TimeOnly? ClosesAt = null);
