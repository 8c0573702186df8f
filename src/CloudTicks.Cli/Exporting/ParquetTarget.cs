using CloudTicks.Cli.Replaying;
using CloudTicks.Cli.Sql;
using CloudTicks.Lake;
using CloudTicks.Lake.Exporting;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Cli.Exporting;

/// <summary>Writes Parquet files with the columns of the lake.</summary>
internal sealed class ParquetTarget(FileInfo file, TextWriter errors) : IReplayTarget
{
    private const int BatchTicks = 4096;

    private readonly ParquetExport _export = new(file.FullName);
    private IReadOnlyList<ExportedFile> _files = [];
    private int _bufferedTicks;

    public string Name => _files.Count == 0 ? file.FullName : string.Join(", ", _files.Select(one => one.Path));

    public bool IsFull => _bufferedTicks == BatchTicks;

    public bool AcceptsGaps => false;

    public string? Fault => null;

    public IEnumerable<(string Name, long Number)> Results => [("files", _files.Count), ("bytes", _files.Sum(one => one.Bytes))];

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await DuckDbLibraries.UseAsync(errors, cancellationToken);
        _export.Open();
    }

    public ValueTask AddGapAsync(FeedGap gap, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Add(scoped in Tick tick, TickSource source, ulong identity, int partition)
    {
        _bufferedTicks++;
        try
        {
            _export.Add(tick, source);
        }
        catch (LakeException failed)
        {
            throw new ReplayException(failed.Message);
        }
    }

    public Task DeliverAsync(string? feed, bool all, CancellationToken cancellationToken)
    {
        _bufferedTicks = 0;
        return Task.CompletedTask;
    }

    public Task CompleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            _files = _export.Complete(cancellationToken);
            return Task.CompletedTask;
        }
        catch (LakeException failed)
        {
            throw new ReplayException(failed.Message);
        }
    }

    public ValueTask DisposeAsync()
    {
        _export.Dispose();
        return ValueTask.CompletedTask;
    }
}
