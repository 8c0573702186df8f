using CloudTicks.Ticks;

namespace CloudTicks.Replay.Sorting;

/// <summary>Merges the sorted rows in memory and in files into one sequence.</summary>
internal sealed class RowMerge
{
    /// <summary>The run number of the rows in memory; files are numbered from 0.</summary>
    private const int MemoryRun = -1;

    private readonly RowBuffer? _memory;
    private readonly IReadOnlyList<SortedRun> _runs;
    private readonly IReadOnlyList<Symbol> _symbols;
    private readonly PriorityQueue<int, TickOrder> _heads = new();
    private int? _last;

    public RowMerge(RowBuffer? memory, IReadOnlyList<SortedRun> runs, IReadOnlyList<Symbol> symbols)
    {
        (_memory, _runs, _symbols) = (memory, runs, symbols);
        for (var run = MemoryRun; run < runs.Count; run++)
        {
            Advance(run);
        }
    }

    /// <summary>The last row read; valid until the next read.</summary>
    public ReadOnlySpan<byte> Row => RowOf(_last!.Value);

    public bool TryRead()
    {
        if (_last is { } last)
        {
            Advance(last);
        }

        var hasRow = _heads.TryDequeue(out var next, out _);
        _last = hasRow ? next : null;
        return hasRow;
    }

    /// <summary>Decodes the last row read; the tick's spans are valid until the next read.</summary>
    public void Read(ref Tick tick, out TickSource source) => TickRow.Read(Row, _symbols, ref tick, out source);

    private void Advance(int run)
    {
        if (run == MemoryRun ? _memory?.TryRead() == true : _runs[run].TryRead())
        {
            _heads.Enqueue(run, TickRow.Order(RowOf(run)));
        }
    }

    private ReadOnlySpan<byte> RowOf(int run) => run == MemoryRun ? _memory!.Row : _runs[run].Row;
}
