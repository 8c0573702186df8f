namespace CloudTicks.EventHub.Groups;

/// <summary>Where a group stands; the names are those that tools show.</summary>
internal enum GroupState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}
