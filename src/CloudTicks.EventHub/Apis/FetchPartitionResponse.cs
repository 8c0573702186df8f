using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>The part of a fetch response for one partition.</summary>
internal readonly record struct FetchPartitionResponse(
    FetchPosition Position, ErrorCode Error, FetchedRecords Records, long HighWatermark, long LogStart);
