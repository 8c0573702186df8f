namespace CloudTicks.EventHub.Groups;

/// <summary>The offset that a group committed for one partition.</summary>
/// <param name="LeaderEpoch">The value from the client; -1 when there is none.</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata);
