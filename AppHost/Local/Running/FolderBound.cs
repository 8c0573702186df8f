using CloudTicks.AppHost.Local.Lines;
using CloudTicks.EventStream;
using CloudTicks.Foundations;
using CloudTicks.Timescale.Retention;
using Npgsql;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Keeps a data folder within a size: the oldest ticks go, from archive and table alike.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="lake">The folder of the lake, which counts too and from which nothing goes; null without one.</param>
/// <param name="maxBytes">What both may hold.</param>
/// <param name="dropOldest">Drops the oldest ticks and tells what went; null when nothing may go.</param>
internal sealed class FolderBound(
    string folder, string? lake, long maxBytes, Func<CancellationToken, Task<DroppedTicks?>> dropOldest, RunLines lines, TimeProvider time)
{
    private const string Part = "run";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly OutageLog _excess = new(time, TimeSpan.FromHours(1));
    private readonly OutageLog _largeLake = new(time, TimeSpan.FromHours(1));

    /// <summary>Looks until it is cancelled.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, cancellationToken);
            await LookAsync(cancellationToken);
        }
    }

    /// <summary>Looks once, and drops as much as is too much. A server that does not answer is queried again at the next poll.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DropExcessAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is NpgsqlException or EventStreamException or TableRetentionBusyException or IOException
            or UnauthorizedAccessException)
        {
            lines.Write(Part, LineLevel.Warning, $"what --max-disk drops has to wait: {problem.Message}");
        }
    }

    /// <summary>Bytes of all files; those that go meanwhile count nothing.</summary>
    public static long SizeOf(string folder) => new DirectoryInfo(folder)
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Sum(LengthOf);

    private async Task DropExcessAsync(CancellationToken cancellationToken)
    {
        var lakeBytes = lake is not null && Directory.Exists(lake) ? SizeOf(lake) : 0;
        var used = SizeOf(folder) + lakeBytes;
        WarnOfLake(lakeBytes);
        var excess = used - maxBytes;
        DroppedTicks? last = null;
        while (excess > 0 && await dropOldest(cancellationToken) is { } dropped)
        {
            // The servers free the room by and by: what went is no reason to drop more.
            excess -= dropped.Bytes;
            last = dropped;
        }

        if (last is not null)
        {
            lines.Write(Part, $"{Held} held {new ByteSize(used)}, and --max-disk is {new ByteSize(maxBytes)}: simulated ticks before "
                + $"{last.Before.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} have been dropped");
        }

        if (excess <= 0)
        {
            _excess.End(out _);
        }
        else if (_excess.Failed(out _) != OutageNotice.None)
        {
            lines.Write(Part, LineLevel.Warning, $"{Held} holds {new ByteSize(used)}, more than --max-disk {new ByteSize(maxBytes)}, and "
                + "there is nothing that may go: the newest ticks stay, and those that are not stored and published yet");
        }
    }

    private string Held => lake is null ? folder : $"{folder} with its lake";

    /// <summary>The lake only grows, so a warning comes before it fills the bound.</summary>
    private void WarnOfLake(long bytes)
    {
        if (bytes <= maxBytes / 2)
        {
            _largeLake.End(out _);
        }
        else if (_largeLake.Failed(out _) != OutageNotice.None)
        {
            lines.Write(Part, LineLevel.Warning, $"the lake in {lake} holds {new ByteSize(bytes)}, more than half of --max-disk "
                + $"{new ByteSize(maxBytes)}, which never drops from the lake: archive and table keep fewer ticks. Raise --max-disk, or "
                + "let Lake__RetentionDays drop the lake's oldest days");
        }
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
