using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>A file system of a few megabytes in memory that a test can fill; it is removed with its content at the end.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    /// <summary>The mount point.</summary>
    public string Path => _folder.File("disk");

    /// <summary>Mounts a disk.</summary>
    /// <param name="megabytes">Its size in MB.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>The disk; null if this user may not mount: only root may, and not in every container.</returns>
    public static async Task<SmallDisk?> TryMountAsync(int megabytes, CancellationToken cancellationToken)
    {
        var disk = new SmallDisk();
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            Directory.CreateDirectory(disk.Path);
            if (await RunAsync(
                "mount", ["-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "cloudticks-test", disk.Path], cancellationToken) == 0)
            {
                return disk;
            }
        }

        disk._folder.Dispose();
        return null;
    }

    /// <summary>Fills all free space.</summary>
    /// <returns>An object that frees the space when it is disposed of.</returns>
    public IDisposable Fill()
    {
        var filler = new FileStream(System.IO.Path.Combine(Path, "filler"), FileMode.CreateNew, FileAccess.Write, FileShare.None,
            bufferSize: 0, FileOptions.DeleteOnClose);
        try
        {
            var piece = new byte[4096];
            while (true)
            {
                filler.Write(piece);
            }
        }
        catch (IOException)
        {
            return filler;
        }
    }

    /// <summary>Makes the disk read-only.</summary>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    public async Task MakeReadOnlyAsync(CancellationToken cancellationToken)
    {
        if (await RunAsync("mount", ["-o", "remount,ro", Path], cancellationToken) != 0)
        {
            throw new InvalidOperationException($"{Path} cannot be remounted: a process has a file open for writing there.");
        }
    }

    /// <summary>Unmounts the disk, even if it is in use.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", ["--lazy", Path], CancellationToken.None);
        _folder.Dispose();
    }

    private static Task<int> RunAsync(string program, string[] arguments, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(new ChildProcessOptions { FileName = program, Arguments = arguments }, cancellationToken);
}
