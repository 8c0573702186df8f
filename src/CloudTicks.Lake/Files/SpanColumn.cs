using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Files;

/// <summary>A column of texts or lists, stored contiguously.</summary>
internal abstract class SpanColumn<T> : BufferedColumn
    where T : unmanaged
{
    private (int Start, int Length)[] _spans = [];
    private T[] _elements = [];
    private int _usedCount;

    public void Set(int row, ReadOnlySpan<T> values)
    {
        Mark(row);
        if (_usedCount + values.Length > _elements.Length)
        {
            Array.Resize(ref _elements, Math.Max(1 << 12, Math.Max(_elements.Length * 2, _usedCount + values.Length)));
        }

        values.CopyTo(_elements.AsSpan(_usedCount));
        _spans[row] = (_usedCount, values.Length);
        _usedCount += values.Length;
    }

    public override void Clear()
    {
        base.Clear();
        _usedCount = 0;
    }

    /// <summary>The values of a row; empty if it has none.</summary>
    protected ReadOnlySpan<T> Of(int row) => Has(row) ? _elements.AsSpan(_spans[row].Start, _spans[row].Length) : [];

    protected override void Resize(int rows) => Array.Resize(ref _spans, rows);
}

/// <summary>A column of texts that are mostly distinct.</summary>
internal sealed class TextColumn : SpanColumn<byte>
{
    protected override void FillValues(in DuckDbVector vector, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            vector.SetText(i, Of(rows[i]));
        }
    }
}

/// <summary>A column of lists.</summary>
internal sealed class ListColumn : SpanColumn<int>
{
    protected override void FillValues(in DuckDbVector vector, ReadOnlySpan<int> rows)
    {
        var count = 0;
        foreach (var row in rows)
        {
            count += Of(row).Length;
        }

        var elements = vector.ReserveElements(count);
        var used = 0;
        for (var i = 0; i < rows.Length; i++)
        {
            var values = Of(rows[i]);
            values.CopyTo(elements[used..]);
            vector.SetRange(i, used, values.Length);
            used += values.Length;
        }
    }
}
