namespace CloudTicks.Relay.Archive;

/// <summary>How far the tail has come.</summary>
/// <param name="Problem">Why the archive cannot be read; null while it can.</param>
/// <param name="AwaySeconds">How long it has not been readable; null while it is.</param>
/// <param name="Lag">Records that are not handed on yet, of all partitions.</param>
internal sealed record ArchiveTailStatus(string? Problem, double? AwaySeconds, long Lag, IReadOnlyList<TailPartition> Partitions);

/// <summary>One partition.</summary>
/// <param name="Position">The offset of the next record.</param>
/// <param name="Lag">Records behind it when the event hub was last asked.</param>
internal sealed record TailPartition(int Partition, long Position, long Lag);
