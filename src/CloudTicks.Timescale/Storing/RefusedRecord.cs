namespace CloudTicks.Timescale.Storing;

/// <summary>The part of a record that cannot be stored: the whole record, or some of its ticks.</summary>
/// <param name="Value">The record's original value if none of it is stored; otherwise a TickBatch of the refused ticks.</param>
/// <param name="Reason">Which ticks are refused, and why, as a sentence.</param>
/// <param name="Ticks">Number of refused ticks; 0 if unknown.</param>
public sealed record RefusedRecord(long Offset, ReadOnlyMemory<byte> Value, string Reason, int Ticks);

/// <summary>Stores refused records durably. The offset moves past the records only after this handler has completed.</summary>
/// <param name="records">The records in order of offset; a record may appear several times, for example with different reasons.</param>
/// <param name="cancellationToken">Cancels the attempt; the records are refused again on their next delivery.</param>
public delegate Task RefusedRecordsHandler(IReadOnlyList<RefusedRecord> records, CancellationToken cancellationToken);
