namespace CloudTicks.EventHub.Groups;

/// <summary>What a group committed for one partition.</summary>
/// <param name="LeaderEpoch">As the client sent it; -1 when it did not.</param>
internal readonly record struct CommittedOffset(long Offset, int LeaderEpoch, string Metadata);
