using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>A file system of a few megabytes, in memory, that a test can fill; gone with all that is on it at the end.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    /// <summary>Where it is mounted.</summary>
    public string Path => _folder.File("disk");

    /// <summary>Mounts one.</summary>
    /// <param name="megabytes">Its size.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The disk, or null where this user may not mount: only root may, and not in every container.</returns>
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

    /// <summary>Takes all the room that is left.</summary>
    /// <returns>Gives it back when it is disposed.</returns>
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
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task MakeReadOnlyAsync(CancellationToken cancellationToken)
    {
        if (await RunAsync("mount", ["-o", "remount,ro", Path], cancellationToken) != 0)
        {
            throw new InvalidOperationException($"{Path} cannot be remounted: a process has a file open for writing there.");
        }
    }

    /// <summary>Unmounts it, whatever still uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", ["--lazy", Path], CancellationToken.None);
        _folder.Dispose();
    }

    private static Task<int> RunAsync(string program, string[] arguments, CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(new ChildProcessOptions { FileName = program, Arguments = arguments }, cancellationToken);
}
