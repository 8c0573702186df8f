using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Disks;

/// <summary>
/// A file that only occupies space. When the disk is completely full, the file is deleted. This frees space for the log entry of a
/// deletion, and for the checkpoint that lets log files be deleted. The file is created again when enough space is free.
/// </summary>
internal sealed class SpaceReserve(Disk disk, string path, int bytes)
{
    private const int PieceBytes = 64 * 1024;
    private readonly Lock _gate = new();

    /// <summary>Creates the file if it does not exist and enough space is free.</summary>
    /// <param name="leaveFree">Bytes that must stay free.</param>
    public void Fill(long leaveFree)
    {
        lock (_gate)
        {
            if (new FileInfo(path) is { Exists: true } file && file.Length >= bytes)
            {
                return;
            }

            try
            {
                if (disk.FreeBytes(Path.GetDirectoryName(path)!) - bytes >= leaveFree)
                {
                    Create();
                }
            }
            catch (Exception e) when (Disk.IsTransient(e))
            {
                disk.Delete(path);
            }
        }
    }

    /// <returns>False when the file does not exist.</returns>
    public bool TryRelease()
    {
        lock (_gate)
        {
            if (!File.Exists(path))
            {
                return false;
            }

            disk.Delete(path);
            return true;
        }
    }

    private void Create()
    {
        using var file = disk.Open(path);
        var piece = new byte[Math.Min(bytes, PieceBytes)];
        for (var at = 0; at < bytes; at += piece.Length)
        {
            file.Write(at, piece.AsMemory(0, Math.Min(piece.Length, bytes - at)));
        }

        file.Flush();
    }
}
