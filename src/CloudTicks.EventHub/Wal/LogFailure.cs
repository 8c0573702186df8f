namespace CloudTicks.EventHub.Wal;

internal enum LogFailure
{
    /// <summary>No space, no permission to write, or too many open files; a retry may succeed.</summary>
    DiskFull,

    Stopping,

    /// <summary>The disk failed: no write can be acknowledged.</summary>
    DiskFailed,
}
