using System.Runtime.CompilerServices;
using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Files;

/// <summary>
/// One column of buffered ticks; a row without a value is null. A column that has never had a value uses no memory.
/// </summary>
internal abstract class BufferedColumn
{
    private const int BitsPerMask = 64;
    private const int InitialRows = 1 << 10;

    private ulong[] _present = [];
    private int _count;

    /// <summary>Writes rows into a vector, in the given order.</summary>
    /// <param name="rows">The rows; no more than the vector's capacity.</param>
    /// <param name="total">The number of rows in the buffer.</param>
    public void Fill(in DuckDbVector vector, ReadOnlySpan<int> rows, int total)
    {
        if (_count < total)
        {
            Span<ulong> masks = stackalloc ulong[DuckDbChunk.MaxRows / BitsPerMask];
            masks.Clear();
            for (var i = 0; i < rows.Length && _count > 0; i++)
            {
                masks[i / BitsPerMask] |= (Has(rows[i]) ? 1UL : 0UL) << (i % BitsPerMask);
            }

            vector.SetNulls(masks);
        }

        if (_count > 0)
        {
            FillValues(vector, rows);
        }
    }

    /// <summary>Removes all rows.</summary>
    public virtual void Clear()
    {
        _count = 0;
        Array.Clear(_present);
    }

    protected abstract void FillValues(in DuckDbVector vector, ReadOnlySpan<int> rows);

    /// <summary>Reserves space for rows.</summary>
    protected abstract void Resize(int rows);

    /// <summary>Whether a row has a value.</summary>
    protected bool Has(int row) =>
        row / BitsPerMask < _present.Length && (_present[row / BitsPerMask] & (1UL << (row % BitsPerMask))) != 0;

    /// <summary>Marks a row as having a value, and reserves space for it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Mark(int row)
    {
        if (row >= _present.Length * BitsPerMask)
        {
            Grow(row);
        }

        _present[row / BitsPerMask] |= 1UL << (row % BitsPerMask);
        _count++;
    }

    private void Grow(int row)
    {
        var rows = Math.Max(InitialRows, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)row + 1));
        Array.Resize(ref _present, rows / BitsPerMask);
        Resize(rows);
    }
}
