namespace CloudTicks.EventHub.Wal;

internal enum LogFailure
{
    /// <summary>No space, or no permission to write; a retry may succeed.</summary>
    DiskFull,

    Stopping,

    /// <summary>The disk failed: no write can be acknowledged.</summary>
    DiskFailed,
}
