namespace CloudTicks.EventHub.Wal;

internal enum LogFailure
{
    /// <summary>No space, or no permission to write; a later try may succeed.</summary>
    DiskFull,

    Stopping,

    /// <summary>The disk failed: nothing can be promised any more.</summary>
    Broken,
}
