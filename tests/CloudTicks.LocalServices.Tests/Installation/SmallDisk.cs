using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Tests.Installation;

/// <summary>A file system of a few megabytes in memory, mounted over a folder.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder, string? error)
    {
        _folder = folder;
        Error = error;
    }

    public bool IsMounted => Error is null;

    /// <summary>Why the disk could not be mounted; null if it was mounted.</summary>
    public string? Error { get; }

    public static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        var error = "";
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = "mount",
                Arguments = ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder],
                OnError = line => error += line,
            },
            TestContext.Current.CancellationToken);
        return new SmallDisk(folder, exitCode == 0 ? null : error);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsMounted)
        {
            await ChildProcess.RunAsync(new ChildProcessOptions { FileName = "umount", Arguments = [_folder] }, CancellationToken.None);
        }
    }
}
