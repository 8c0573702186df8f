using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>The values of one column of a chunk, read and written in DuckDB's memory. Valid as long as its chunk.</summary>
public readonly unsafe ref struct DuckDbVector
{
    private const int BitsPerMask = 64;

    private readonly nint _handle;
    private readonly void* _data;
    private readonly ulong* _validity;

    internal DuckDbVector(nint handle, int capacity)
    {
        _handle = handle;
        _data = DuckDbVectorMethods.VectorData(handle);
        _validity = DuckDbVectorMethods.VectorValidity(handle);
        Capacity = capacity;
    }

    /// <summary>The maximum number of values in the vector.</summary>
    public int Capacity { get; }

    /// <summary>The stored values; those of null rows are undefined.</summary>
    /// <typeparam name="T">The type that the column is stored as.</typeparam>
    public Span<T> Values<T>()
        where T : unmanaged => new(_data, Capacity);

    /// <summary>Whether the value of a row is null.</summary>
    public bool IsNull(int row) => _validity is not null && (_validity[row / BitsPerMask] & (1UL << (row % BitsPerMask))) == 0;

    /// <summary>The bytes of a text or blob.</summary>
    public ReadOnlySpan<byte> Bytes(int row) => NativeText.Bytes((NativeText*)_data + row);

    /// <summary>The range of a list's elements in <see cref="Elements"/>.</summary>
    public (int Start, int Count) Range(int row)
    {
        var entry = ((NativeListEntry*)_data)[row];
        return ((int)entry.Offset, (int)entry.Length);
    }

    /// <summary>The elements of all lists.</summary>
    /// <param name="capacity">The number of elements.</param>
    public DuckDbVector Elements(int capacity) => new(DuckDbVectorMethods.ListChild(_handle), capacity);

    internal void SetText(int row, ReadOnlySpan<byte> text)
    {
        if (text.Length <= NativeText.InlineBytes)
        {
            ((NativeText*)_data)[row] = default;
            ((NativeText*)_data)[row].Length = (uint)text.Length;
            text.CopyTo(new Span<byte>(&((NativeText*)_data)[row].Inline, NativeText.InlineBytes));
            return;
        }

        fixed (byte* first = text)
        {
            DuckDbVectorMethods.AssignString(_handle, (ulong)row, first, (ulong)text.Length);
        }
    }

    /// <summary>Marks rows as null: each mask covers 64 rows, and a 0 bit means null.</summary>
    internal void SetNulls(ReadOnlySpan<ulong> masks)
    {
        DuckDbVectorMethods.EnsureValidity(_handle);
        masks.CopyTo(new Span<ulong>(DuckDbVectorMethods.VectorValidity(_handle), masks.Length));
    }

    /// <summary>Sets the range of a list's elements.</summary>
    internal void SetRange(int row, int start, int count) =>
        ((NativeListEntry*)_data)[row] = new NativeListEntry { Offset = (ulong)start, Length = (ulong)count };

    /// <summary>Reserves space for the elements of all lists.</summary>
    internal Span<int> ReserveElements(int count)
    {
        _ = DuckDbVectorMethods.ListReserve(_handle, (ulong)count);
        _ = DuckDbVectorMethods.ListSetSize(_handle, (ulong)count);
        return new Span<int>(DuckDbVectorMethods.VectorData(DuckDbVectorMethods.ListChild(_handle)), count);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct NativeListEntry
    {
        public ulong Offset;
        public ulong Length;
    }

    /// <summary><c>duckdb_string_t</c>: up to 12 bytes are stored inline, longer texts behind a pointer.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 16)]
    private struct NativeText
    {
        public const int InlineBytes = 12;

        [FieldOffset(0)]
        public uint Length;

        [FieldOffset(4)]
        public byte Inline;

        [FieldOffset(8)]
        public byte* Pointer;

        public static ReadOnlySpan<byte> Bytes(NativeText* text) => text->Length <= InlineBytes
            ? new ReadOnlySpan<byte>(&text->Inline, (int)text->Length)
            : new ReadOnlySpan<byte>(text->Pointer, (int)text->Length);
    }
}
