namespace CloudTicks.EventHub.Shares;

/// <summary>The fractions of a budget that one connection, and all connections of one address, may use.</summary>
internal sealed record ShareSettings(double Connection, double Address);
