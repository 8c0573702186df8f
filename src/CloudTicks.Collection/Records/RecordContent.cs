namespace CloudTicks.Collection.Records;

/// <summary>What a record holds; the numbers stand in the spool's files.</summary>
internal enum RecordContent : byte
{
    Ticks = 0,

    /// <summary>Changes of the ledger of gaps.</summary>
    Gaps = 1,

    /// <summary>An element that was refused: <see cref="DeadLetterRecord"/>.</summary>
    DeadLetter = 2,
}
