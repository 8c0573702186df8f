using CloudTicks.EventStream;
using CloudTicks.Ticks;

namespace CloudTicks.Replay.Sorting;

/// <summary>
/// Sorts ticks by time in bounded memory. It writes sorted runs to disk and merges them when they are read. If the runs become too many, it
/// merges some of them earlier.
/// </summary>
internal sealed class TickSorter(ReplayOptions options, ReplayCounts counts) : IDisposable
{
    private readonly RowBuffer _memory = new(options.SortBytes);
    private readonly List<Symbol> _symbols = [];
    private readonly Dictionary<Symbol, int> _numbers = [];
    private readonly List<List<SortedRun>> _levels = [];

    /// <summary>Adds a tick.</summary>
    /// <exception cref="EventStreamException">The ticks cannot be written to disk, for example because it is full.</exception>
    public void Add(scoped in Tick tick, TickSource source, ulong position)
    {
        if (_memory.IsFull)
        {
            Spill();
        }

        if (!_numbers.TryGetValue(tick.Symbol, out var number))
        {
            _numbers.Add(tick.Symbol, number = _symbols.Count);
            _symbols.Add(tick.Symbol);
        }

        _memory.Add(tick, source, position, number);
        counts.Selected++;
    }

    /// <summary>Returns all ticks in order. The result uses the sorter's memory and files.</summary>
    public RowMerge Merge()
    {
        _memory.Sort();
        return new RowMerge(_memory, [.. _levels.SelectMany(level => level)], _symbols);
    }

    public void Dispose() => _levels.ForEach(level => level.ForEach(run => run.Dispose()));

    private void Spill()
    {
        _memory.Sort();
        var run = SortedRun.Create(options.Folder);
        AddRun(run, 0);
        Write(run, new RowMerge(_memory, [], _symbols));
        _memory.Clear();
        for (var level = 0; level < _levels.Count && _levels[level].Count >= options.MaxFiles; level++)
        {
            var mergedRun = SortedRun.Create(options.Folder);
            var runs = _levels[level];
            Write(mergedRun, new RowMerge(null, runs, _symbols));
            runs.ForEach(merged => merged.Dispose());
            runs.Clear();
            AddRun(mergedRun, level + 1);
        }

        counts.SortedBytes = _levels.Sum(level => level.Sum(file => file.Bytes));
    }

    private void AddRun(SortedRun run, int level)
    {
        if (_levels.Count == level)
        {
            _levels.Add([]);
        }

        _levels[level].Add(run);
    }

    private void Write(SortedRun run, RowMerge rows)
    {
        try
        {
            while (rows.TryRead())
            {
                run.Add(rows.Row);
            }

            run.Rewind();
        }
        catch (IOException problem)
        {
            throw SortedRun.Problem(options.Folder, problem);
        }
    }
}
