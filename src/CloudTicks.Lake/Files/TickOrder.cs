namespace CloudTicks.Lake.Files;

/// <summary>
/// Sorts rows into file order. A symbol's ticks mostly arrive in order, so grouping by symbol is nearly all of the work.
/// </summary>
internal static class TickOrder
{
    public static int[] Of(int count, NameColumn symbols, ValueColumn<long> times, ValueColumn<long> offsets)
    {
        var rows = new int[count];
        var starts = Starts(count, symbols);
        var next = (int[])starts.Clone();
        for (var row = 0; row < count; row++)
        {
            rows[next[symbols[row]]++] = row;
        }

        var keys = new (long Time, long Offset)[count];
        for (var i = 0; i < count; i++)
        {
            keys[i] = (times[rows[i]], offsets[rows[i]]);
        }

        for (var symbol = 0; symbol < starts.Length; symbol++)
        {
            Sort(keys.AsSpan(starts[symbol], next[symbol] - starts[symbol]), rows.AsSpan(starts[symbol], next[symbol] - starts[symbol]));
        }

        return rows;
    }

    /// <summary>Returns the index at which the rows of each symbol begin, with the symbols in byte order.</summary>
    private static int[] Starts(int count, NameColumn symbols)
    {
        var counts = new int[symbols.Names.Count];
        for (var row = 0; row < count; row++)
        {
            counts[symbols[row]]++;
        }

        var starts = new int[counts.Length];
        var start = 0;
        foreach (var symbol in Enumerable.Range(0, counts.Length)
            .OrderBy(symbol => symbols.Names[symbol], Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other))))
        {
            starts[symbol] = start;
            start += counts[symbol];
        }

        return starts;
    }

    private static void Sort(Span<(long Time, long Offset)> keys, Span<int> rows)
    {
        for (var i = 1; i < keys.Length; i++)
        {
            if (keys[i].CompareTo(keys[i - 1]) < 0)
            {
                SortAll(keys, rows);
                return;
            }
        }
    }

    private static void SortAll(Span<(long Time, long Offset)> keys, Span<int> rows)
    {
        // The row's index is the last sort key, so that the sort is stable.
        var all = new (long Time, long Offset, int Row)[keys.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = (keys[i].Time, keys[i].Offset, rows[i]);
        }

        Array.Sort(all);
        for (var i = 0; i < all.Length; i++)
        {
            rows[i] = all[i].Row;
        }
    }
}
