using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// A checkpoint in progress. The log thread starts it between two writes, and copies the producers' state; the apply thread continues it
/// when everything before the position has been applied.
/// </summary>
/// <param name="Position">The log position up to which the checkpoint contains everything.</param>
/// <param name="NewestFile">The start position of the newest log file that begins before the checkpoint; -1 when there is none.</param>
/// <param name="Producers">A copy of each partition's idempotent producers.</param>
internal sealed record Checkpoint(
    long Position, long NewestFile, int NextTopicNumber, IReadOnlyDictionary<PartitionLog, KeyValuePair<long, ProducerState>[]> Producers);
