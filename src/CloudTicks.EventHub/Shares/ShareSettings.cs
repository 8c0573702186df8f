namespace CloudTicks.EventHub.Shares;

/// <summary>The parts of a budget that one connection, and all connections of one address, may use at a time.</summary>
internal sealed record ShareSettings(double Connection, double Address);
