using CloudTicks.EventStream;
using CloudTicks.EventStream.Links;

namespace CloudTicks.Functions.Disks;

/// <summary>The disk of the archive, as our own event hub reports it.</summary>
internal sealed class ArchiveDisk(EventStreamConnection connection) : IDiskSource
{
    public async Task<IReadOnlyList<DiskReading>> ReadAsync(CancellationToken cancellationToken)
    {
        var reading = new DiskReading(
            "archive", $"{connection}", "The archive never expires: free space, or move the event hub's folder to a larger disk.");
        try
        {
            return [await HubDisk.ReadAsync(connection, cancellationToken) is { } disk
                ? reading with { FreeBytes = disk.FreeBytes, TotalBytes = disk.TotalBytes }
                : reading with { Note = "This event hub does not report its disk: monitor the disk there." }];
        }
        catch (EventStreamException exception)
        {
            return [reading with { Note = $"{exception.Message.TrimEnd('.')}." }];
        }
    }
}
