using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>Splits ticks by kind and market into sorted runs of bounded size, each in a separate file.</summary>
internal sealed class TickRuns(string folder, DuckDbSettings settings, int ticksPerRun) : IDisposable
{
    private readonly Dictionary<(TickKind Kind, Market Market), OpenRun> _open = [];
    private readonly List<TickRun> _runs = [];

    /// <summary>The completed runs.</summary>
    public IReadOnlyList<TickRun> Runs => _runs;

    public void Add(scoped in Tick tick, TickSource source, int partition, long offset, CancellationToken cancellationToken)
    {
        var series = (tick.Kind, tick.Symbol.Market);
        if (!_open.TryGetValue(series, out var run))
        {
            var path = Path.Combine(folder, $"run-{Guid.NewGuid():N}.parquet");
            _open[series] = run = new OpenRun(path, new TickParquetWriter(path, settings, new Dictionary<string, string>()));
        }

        run.Writer.Add(tick, source, partition, offset);
        if (++run.Count == ticksPerRun)
        {
            Complete(series, run, cancellationToken);
        }
    }

    /// <summary>Completes the open runs.</summary>
    public void Complete(CancellationToken cancellationToken)
    {
        foreach (var (series, run) in _open.ToList())
        {
            Complete(series, run, cancellationToken);
        }
    }

    public void Dispose()
    {
        foreach (var run in _open.Values)
        {
            run.Writer.Dispose();
        }

        _open.Clear();
    }

    private void Complete((TickKind Kind, Market Market) series, OpenRun run, CancellationToken cancellationToken)
    {
        _runs.Add(new TickRun(series.Kind, series.Market, run.Path, run.Writer.Complete(cancellationToken)));
        run.Writer.Dispose();
        _open.Remove(series);
    }

    private sealed class OpenRun(string path, TickParquetWriter writer)
    {
        public string Path => path;

        public TickParquetWriter Writer => writer;

        public int Count { get; set; }
    }
}
