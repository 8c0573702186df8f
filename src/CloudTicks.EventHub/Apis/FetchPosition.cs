namespace CloudTicks.EventHub.Apis;

/// <summary>The offset at which a fetch reads one partition, and the maximum bytes to read.</summary>
internal readonly record struct FetchPosition(string Topic, int Partition, long Offset, int MaxBytes);
