namespace CloudTicks.Collection.Records;

/// <summary>A record on its way to the archive.</summary>
/// <param name="Value">The record's bytes, which no longer change.</param>
/// <param name="Ticks">The number of ticks; 0 for a record of gaps and for a dead letter.</param>
/// <param name="TraceParent">The W3C traceparent of the record's span; null without tracing, and for records from the spool.</param>
internal readonly record struct OutgoingRecord(
    int Partition, byte[] Value, int Ticks, RecordContent Content = RecordContent.Ticks, string? TraceParent = null);
