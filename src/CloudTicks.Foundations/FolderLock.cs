namespace CloudTicks.Foundations;

/// <summary>
/// Locks a file to keep other processes out of a folder. The operating system releases the lock when its holder ends, even after a
/// crash, so unfinished work found by the next holder belongs to a dead process.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Takes a lock without waiting.</summary>
    /// <param name="file">The lock file; its folder must exist.</param>
    /// <returns>The lock; null when another process holds it.</returns>
    /// <exception cref="IOException">The file cannot be opened, for a reason other than the lock.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be opened.</exception>
    public static FolderLock? TryTake(string file)
    {
        try
        {
            return new FolderLock(new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException refused) when (IsHeldByAnother(refused))
        {
            return null;
        }
    }

    /// <summary>Takes a lock, and waits while another process holds it. A released lock sends no signal, so the wait polls.</summary>
    /// <param name="file">The lock file; its folder must exist.</param>
    /// <param name="onWaiting">Called once, when another process holds the lock.</param>
    public static async Task<FolderLock> TakeAsync(string file, Action onWaiting, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (TryTake(file) is { } taken)
            {
                return taken;
            }

            if (isFirst)
            {
                onWaiting();
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <summary>
    /// Whether a process holds the lock. A file that cannot be opened counts as free: taking the lock reports the reason.
    /// </summary>
    public static bool IsHeld(string file)
    {
        try
        {
            if (!File.Exists(file))
            {
                return false;
            }

            using var taken = TryTake(file);
            return taken is null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Releases the lock; the file stays.</summary>
    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK (Linux 11, macOS 35) from flock(2), ERROR_SHARING_VIOLATION on Windows. Other errors, such as a full disk, do not mean
    // that the lock is held.
    private static bool IsHeldByAnother(IOException refused) => refused.HResult is 11 or 35 or unchecked((int)0x80070020);
}
