using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>What a fetch answers of one partition.</summary>
internal readonly record struct FetchPartitionResponse(
    FetchPosition Position, ErrorCode Error, FetchedRecords Records, long HighWatermark, long LogStart);
