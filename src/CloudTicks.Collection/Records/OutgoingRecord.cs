namespace CloudTicks.Collection.Records;

/// <summary>A record on its way to the archive.</summary>
/// <param name="Value">Its bytes; nobody changes them any more.</param>
/// <param name="Ticks">Ticks in it; 0 for a record of gaps.</param>
/// <param name="TraceParent">Its span, where traces are taken; what comes from the spool has none.</param>
internal readonly record struct OutgoingRecord(
    int Partition, byte[] Value, int Ticks, RecordContent Content = RecordContent.Ticks, string? TraceParent = null);
