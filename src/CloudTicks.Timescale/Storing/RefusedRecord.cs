namespace CloudTicks.Timescale.Storing;

/// <summary>What of a record cannot be stored: the record as it came, or its ticks that the table does not take.</summary>
/// <param name="Value">The record's value as it came where none of it is stored; else a TickBatch of the ticks that are not.</param>
/// <param name="Reason">Which ticks, and what is wrong with them: a sentence.</param>
/// <param name="Ticks">How many ticks it holds; 0 where that is not known.</param>
public sealed record RefusedRecord(long Offset, ReadOnlyMemory<byte> Value, string Reason, int Ticks);

/// <summary>Puts refused records where they outlive this process. Only when it has completed does the offset move past them.</summary>
/// <param name="records">The records, by rising offset; one record may have several, one for each reason.</param>
/// <param name="cancellationToken">Ends the attempt; the records are refused again when they are delivered again.</param>
public delegate Task RefusedRecordsHandler(IReadOnlyList<RefusedRecord> records, CancellationToken cancellationToken);
