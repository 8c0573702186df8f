using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// A checkpoint in the making: begun by the log's thread between two writes, with the producers as they are there, completed by the apply
/// thread when it has applied everything before that position.
/// </summary>
/// <param name="Position">Everything before it in the log is in the checkpoint.</param>
/// <param name="NewestFile">The start of the newest log file with anything before that position; -1 when there is none.</param>
/// <param name="Producers">A copy of each partition's idempotent producers.</param>
internal sealed record Checkpoint(
    long Position, long NewestFile, int NextTopicNumber, IReadOnlyDictionary<PartitionLog, KeyValuePair<long, ProducerState>[]> Producers);
