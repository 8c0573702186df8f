namespace CloudTicks.Collection.Records;

/// <summary>The content of a record. The numbers are part of the spool's file format.</summary>
internal enum RecordContent : byte
{
    Ticks = 0,

    /// <summary>The state of a gap.</summary>
    Gaps = 1,

    /// <summary>A rejected element: <see cref="DeadLetterRecord"/>.</summary>
    DeadLetter = 2,
}
