namespace CloudTicks.EventHub.Groups;

/// <summary>The state of a group; tools show these names.</summary>
internal enum GroupState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}
