namespace CloudTicks.EventHub.Apis;

/// <summary>Where a fetch goes on in one partition.</summary>
internal readonly record struct FetchPosition(string Topic, int Partition, long Offset, int MaxBytes);
