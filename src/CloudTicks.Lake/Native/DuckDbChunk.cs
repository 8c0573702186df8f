namespace CloudTicks.Lake.Native;

/// <summary>Up to 2,048 rows, stored as one vector per column.</summary>
public sealed class DuckDbChunk : IDisposable
{
    private nint _handle;

    internal DuckDbChunk(nint handle) => _handle = handle;

    /// <summary>The upper bound of <see cref="Capacity"/>, rows.</summary>
    internal const int MaxRows = 2048;

    /// <summary>The maximum chunk size, rows.</summary>
    public static int Capacity { get; } = Math.Min(MaxRows, (int)DuckDbVectorMethods.VectorSize());

    internal nint Handle => _handle;

    /// <summary>The number of rows.</summary>
    public int Count
    {
        get => (int)DuckDbVectorMethods.ChunkSize(_handle);
        internal set => DuckDbVectorMethods.SetChunkSize(_handle, (ulong)value);
    }

    /// <summary>The values of a column, in DuckDB's memory.</summary>
    /// <param name="index">The column, from 0.</param>
    public DuckDbVector this[int index] => new(DuckDbVectorMethods.ChunkVector(_handle, (ulong)index), Capacity);

    /// <summary>Creates a chunk for writing.</summary>
    /// <param name="types">The columns' types, freed by the caller.</param>
    internal static unsafe DuckDbChunk Create(ReadOnlySpan<nint> types)
    {
        fixed (nint* first = types)
        {
            return new DuckDbChunk(DuckDbVectorMethods.CreateChunk(first, (ulong)types.Length));
        }
    }

    internal void Reset() => DuckDbVectorMethods.ResetChunk(_handle);

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        if (_handle != 0)
        {
            DuckDbVectorMethods.DestroyChunk(ref _handle);
            _handle = 0;
        }
    }
}
