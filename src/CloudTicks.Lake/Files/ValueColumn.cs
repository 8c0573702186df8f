using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Files;

/// <summary>A column of numbers.</summary>
internal sealed class ValueColumn<T> : BufferedColumn
    where T : unmanaged
{
    private T[] _values = [];

    public T this[int row] => _values[row];

    public void Set(int row, T value)
    {
        Mark(row);
        _values[row] = value;
    }

    protected override void FillValues(in DuckDbVector vector, ReadOnlySpan<int> rows)
    {
        var values = _values;
        var target = vector.Values<T>();
        for (var i = 0; i < rows.Length; i++)
        {
            target[i] = rows[i] < values.Length ? values[rows[i]] : default;
        }
    }

    protected override void Resize(int rows) => Array.Resize(ref _values, rows);
}
