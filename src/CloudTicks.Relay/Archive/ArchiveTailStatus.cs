namespace CloudTicks.Relay.Archive;

/// <summary>The progress of the tail.</summary>
/// <param name="Paused">Whether the tail is paused because there are no subscribers; the positions are then those before the pause.</param>
/// <param name="Problem">Why the archive cannot be read; null while it can.</param>
/// <param name="AwaySeconds">How long the archive has been unreadable, s; null while it is readable.</param>
/// <param name="Lag">The number of records not delivered yet, in all partitions.</param>
internal sealed record ArchiveTailStatus(
    bool Paused, string? Problem, double? AwaySeconds, long Lag, IReadOnlyList<TailPartition> Partitions);

/// <summary>The progress in one partition.</summary>
/// <param name="Position">The offset of the next record.</param>
/// <param name="Lag">The number of records after the position, at the last query of the event hub.</param>
internal sealed record TailPartition(int Partition, long Position, long Lag);
