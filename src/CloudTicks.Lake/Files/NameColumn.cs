using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Files;

/// <summary>A column with few distinct texts, such as symbols, stored as indices.</summary>
internal sealed class NameColumn : BufferedColumn
{
    private readonly List<byte[]> _names = [];
    private int[] _numbers = [];

    /// <summary>The text of each index.</summary>
    public IReadOnlyList<byte[]> Names => _names;

    public int this[int row] => _numbers[row];

    /// <summary>Adds a distinct text.</summary>
    /// <returns>The index of the text.</returns>
    public int AddName(ReadOnlySpan<byte> text)
    {
        _names.Add(text.ToArray());
        return _names.Count - 1;
    }

    public void Set(int row, int number)
    {
        Mark(row);
        _numbers[row] = number;
    }

    protected override void FillValues(in DuckDbVector vector, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            vector.SetText(i, _names[_numbers[rows[i]]]);
        }
    }

    protected override void Resize(int rows) => Array.Resize(ref _numbers, rows);
}
