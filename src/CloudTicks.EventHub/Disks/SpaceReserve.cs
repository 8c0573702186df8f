using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Disks;

/// <summary>
/// A file that only holds space. On a disk that is full to the last byte it is given up for what makes room: the record of a deletion, and
/// the checkpoint that lets files go. It is made again when there is room.
/// </summary>
internal sealed class SpaceReserve(Disk disk, string path, int bytes)
{
    private const int PieceBytes = 64 * 1024;
    private readonly Lock _gate = new();

    /// <summary>Makes it, when it is not there and a disk with so much free space is not full.</summary>
    /// <param name="leaveFree">Space that must be free besides.</param>
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
                    Make();
                }
            }
            catch (Exception e) when (Disk.IsPassing(e))
            {
                disk.Delete(path);
            }
        }
    }

    /// <returns>False when there was nothing to give up.</returns>
    public bool TryGiveUp()
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

    private void Make()
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
