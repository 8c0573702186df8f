using CloudTicks.AppHost.Local.Lines;
using CloudTicks.EventStream;
using CloudTicks.Foundations;
using CloudTicks.Timescale.Retention;
using Npgsql;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Limits the size of a data folder: drops the oldest ticks, from archive and table together.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="lake">The lake's folder, which counts towards the limit but is never trimmed; null if there is none.</param>
/// <param name="maxBytes">The maximum size of both.</param>
/// <param name="dropOldest">Drops the oldest ticks and returns what was dropped; null if nothing may be dropped.</param>
internal sealed class FolderSizeLimit(
    string folder, string? lake, long maxBytes, Func<CancellationToken, Task<DroppedTicks?>> dropOldest, RunLines lines, TimeProvider time)
{
    private const string Part = "run";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly OutageLog _excessLog = new(time, TimeSpan.FromHours(1));
    private readonly OutageLog _largeLakeLog = new(time, TimeSpan.FromHours(1));

    /// <summary>Checks periodically until cancelled.</summary>
    public async Task EnforceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(Interval, time, cancellationToken);
            await CheckAsync(cancellationToken);
        }
    }

    /// <summary>Checks once, and drops as much as exceeds the limit. An unreachable server is retried at the next check.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await DropExcessAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is NpgsqlException or EventStreamException or TableRetentionBusyException or IOException
            or UnauthorizedAccessException)
        {
            lines.Write(Part, LineLevel.Warning, $"the check of --max-disk is postponed: {problem.Message}");
        }
    }

    /// <summary>Bytes of all files; files deleted meanwhile count as 0.</summary>
    public static long SizeOf(string folder) => new DirectoryInfo(folder)
        .EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Sum(LengthOf);

    private async Task DropExcessAsync(CancellationToken cancellationToken)
    {
        var lakeBytes = lake is not null && Directory.Exists(lake) ? SizeOf(lake) : 0;
        var used = SizeOf(folder) + lakeBytes;
        WarnAboutLake(lakeBytes);
        var excess = used - maxBytes;
        DroppedTicks? last = null;
        while (excess > 0 && await dropOldest(cancellationToken) is { } dropped)
        {
            // The servers free the space gradually: count what has just been dropped as freed.
            excess -= dropped.Bytes;
            last = dropped;
        }

        if (last is not null)
        {
            lines.Write(
                Part,
                $"{FolderDescription} held {new ByteSize(used)}, and --max-disk is {new ByteSize(maxBytes)}: simulated ticks before "
                + $"{last.Before.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} have been dropped");
        }

        if (excess <= 0)
        {
            _excessLog.End(out _);
        }
        else if (_excessLog.Failed(out _) != OutageNotice.None)
        {
            lines.Write(
                Part, LineLevel.Warning,
                $"{FolderDescription} holds {new ByteSize(used)}, more than --max-disk {new ByteSize(maxBytes)}, and "
                + "nothing can be dropped: the newest ticks, and those not yet stored and published, are always kept");
        }
    }

    private string FolderDescription => lake is null ? folder : $"{folder} with its lake";

    /// <summary>Warns when the lake, which this limit never trims, uses more than half of the limit.</summary>
    private void WarnAboutLake(long bytes)
    {
        if (bytes <= maxBytes / 2)
        {
            _largeLakeLog.End(out _);
        }
        else if (_largeLakeLog.Failed(out _) != OutageNotice.None)
        {
            lines.Write(Part, LineLevel.Warning, $"the lake in {lake} holds {new ByteSize(bytes)}, more than half of --max-disk "
                + $"{new ByteSize(maxBytes)}, so archive and table keep fewer ticks: --max-disk drops nothing from the lake. Raise it, or "
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
