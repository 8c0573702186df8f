namespace CloudTicks.EventHub.Apis;

/// <summary>The next offset of a fetch in one partition.</summary>
internal readonly record struct FetchPosition(string Topic, int Partition, long Offset, int MaxBytes);
