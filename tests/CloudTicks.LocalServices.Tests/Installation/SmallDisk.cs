using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Tests.Installation;

/// <summary>A file system of a few megabytes in memory, mounted over a folder.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder, string? complaint)
    {
        _folder = folder;
        Complaint = complaint;
    }

    public bool IsMounted => Complaint is null;

    /// <summary>Why it could not be mounted.</summary>
    public string? Complaint { get; }

    public static async Task<SmallDisk> MountAsync(string folder, int megabytes)
    {
        var complaint = "";
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = "mount",
                Arguments = ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder],
                OnError = line => complaint += line,
            },
            TestContext.Current.CancellationToken);
        return new SmallDisk(folder, exitCode == 0 ? null : complaint);
    }

    public async ValueTask DisposeAsync()
    {
        if (IsMounted)
        {
            await ChildProcess.RunAsync(new ChildProcessOptions { FileName = "umount", Arguments = [_folder] }, CancellationToken.None);
        }
    }
}
