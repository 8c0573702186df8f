namespace CloudTicks.Relay.Archive;

/// <summary>How far the tail has come.</summary>
/// <param name="Paused">Whether nobody is subscribed, so that the archive is not read; the positions are those of its last reading.</param>
/// <param name="Problem">Why the archive cannot be read; null while it can.</param>
/// <param name="AwaySeconds">How long it has not been readable; null while it is.</param>
/// <param name="Lag">Records that are not handed on yet, of all partitions.</param>
internal sealed record ArchiveTailStatus(
    bool Paused, string? Problem, double? AwaySeconds, long Lag, IReadOnlyList<TailPartition> Partitions);

/// <summary>One partition.</summary>
/// <param name="Position">The offset of the next record.</param>
/// <param name="Lag">Records behind it when the event hub was last asked.</param>
internal sealed record TailPartition(int Partition, long Position, long Lag);
