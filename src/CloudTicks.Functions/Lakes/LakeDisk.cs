using CloudTicks.Functions.Disks;
using CloudTicks.Lake;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions.Lakes;

/// <summary>The disk of the lake's folder. Reports no disk without a lake, or when the lake is in an object store.</summary>
internal sealed class LakeDisk(LakeConsumer lake, IOptions<LakeOptions> options) : IDiskSource
{
    private const string Remedy =
        "Free space, move the lake to a larger disk (Lake__Folder), or keep fewer days of it (Lake__RetentionDays).";

    public Task<IReadOnlyList<DiskReading>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DiskReading>>(
        options.Value.Folder is { Length: > 0 } folder ? [Read(Path.GetFullPath(folder))] : []);

    private DiskReading Read(string folder)
    {
        var reading = new DiskReading("lake", folder, Remedy) { Bytes = lake.Status is { Rows: > 0 } status ? status.Bytes : null };
        try
        {
            // The first write creates the folder; until then, read the disk of its parent.
            var existing = folder;
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
            {
                existing = parent;
            }

            var disk = new DriveInfo(existing);
            return reading with { FreeBytes = disk.AvailableFreeSpace, TotalBytes = disk.TotalSize };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return reading with { Note = $"The free space of its disk is unknown: {problem.Message}" };
        }
    }
}
