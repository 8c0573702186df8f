namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// Lets one process at a time build something on disk. The operating system gives the lock back when its holder dies, so
/// whatever unfinished folder the next holder finds is a dead process's.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, waiting for its holder as long as it takes.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="waiting">Called once, when another process holds it.</param>
    /// <param name="time">The clock of the polling; a lock that another process gives back sends no signal.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<FileLock> TakeAsync(string path, Action waiting, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var told = false; ; told = true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (!told)
            {
                waiting();
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }

    public void Dispose() => _file.Dispose();

    private static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException refused) when (IsHeldByAnother(refused))
        {
            return null;
        }
    }

    // EWOULDBLOCK (Linux 11, macOS 35) from flock(2); anything else, such as a full disk, is not a held lock.
    private static bool IsHeldByAnother(IOException refused) => refused.HResult is 11 or 35 or unchecked((int)0x80070020);
}
