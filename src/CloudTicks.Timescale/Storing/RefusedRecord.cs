namespace CloudTicks.Timescale.Storing;

/// <summary>A record of which some ticks, or all, cannot be stored.</summary>
/// <param name="Offset">Its offset in the partition.</param>
/// <param name="Value">Its value as it came.</param>
/// <param name="Reason">Which ticks, and what is wrong with them: a sentence.</param>
public sealed record RefusedRecord(long Offset, ReadOnlyMemory<byte> Value, string Reason);

/// <summary>Puts refused records where they outlive this process. Only when it has completed does the offset move past them.</summary>
/// <param name="records">The records, by rising offset.</param>
/// <param name="cancellationToken">Ends the attempt; the records are refused again when they are delivered again.</param>
public delegate Task RefusedRecordsHandler(IReadOnlyList<RefusedRecord> records, CancellationToken cancellationToken);
