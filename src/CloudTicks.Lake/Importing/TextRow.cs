namespace CloudTicks.Lake.Importing;

/// <summary>The values of a row, UTF-8, in one reused buffer.</summary>
internal sealed class TextRow
{
    private const int InitialBytes = 1024;
    private const int InitialColumns = 32;

    private byte[] _bytes = new byte[InitialBytes];
    private int[] _ends = new int[InitialColumns];
    private int _length;

    public int Count { get; private set; }

    /// <summary>The value of a column; empty if the row has no such column.</summary>
    public ReadOnlySpan<byte> this[int column]
    {
        get
        {
            if ((uint)column >= (uint)Count)
            {
                return default;
            }

            var start = column == 0 ? 0 : _ends[column - 1];
            return _bytes.AsSpan(start, _ends[column] - start);
        }
    }

    public void Clear() => (Count, _length) = (0, 0);

    /// <summary>Appends bytes to the current value.</summary>
    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes.Length));
        }

        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Completes the current value.</summary>
    public void End()
    {
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
        }

        _ends[Count++] = _length;
    }
}
