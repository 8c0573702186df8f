using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>The rows of a query, read in chunks of up to 2,048, in bounded memory.</summary>
public sealed class DuckDbResult : IDisposable
{
    private readonly DuckDbInterruption _interruption;
    private readonly CancellationToken _cancellationToken;
    private readonly DuckDbStatement? _statement;
    private NativeResult _result;
    private DuckDbChunk? _chunk;
    private bool _disposed;

    internal DuckDbResult(
        NativeResult result, DuckDbInterruption interruption, DuckDbStatement? statement, CancellationToken cancellationToken)
    {
        _result = result;
        _interruption = interruption;
        _cancellationToken = cancellationToken;
        _statement = statement;
        Columns = [.. Enumerable.Range(0, (int)DuckDbMethods.ColumnCount(ref _result)).Select(Column)];
    }

    /// <summary>The columns.</summary>
    public IReadOnlyList<DuckDbColumn> Columns { get; }

    /// <summary>Reads the next rows.</summary>
    /// <param name="chunk">The rows; valid until the next call.</param>
    /// <returns>False after the last rows.</returns>
    /// <exception cref="DuckDbException">The query failed during execution.</exception>
    /// <exception cref="OperationCanceledException">The query was interrupted.</exception>
    public bool TryRead([NotNullWhen(true)] out DuckDbChunk? chunk)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _chunk?.Dispose();
        _chunk = null;
        _cancellationToken.ThrowIfCancellationRequested();
        var handle = DuckDbMethods.FetchChunk(_result);
        if (handle == 0)
        {
            DuckDbFailure.ThrowIfFailed(ref _result, _cancellationToken);
        }

        chunk = _chunk = handle == 0 ? null : new DuckDbChunk(handle);
        return chunk is not null;
    }

    /// <summary>Closes the query.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _interruption.Dispose();
        _chunk?.Dispose();
        DuckDbMethods.DestroyResult(ref _result);
        _statement?.Dispose();
    }

    private DuckDbColumn Column(int index)
    {
        var type = DuckDbMethods.ColumnLogicalType(ref _result, (ulong)index);
        var name = Marshal.PtrToStringUTF8(DuckDbMethods.ColumnName(ref _result, (ulong)index)) ?? "";
        return DuckDbColumn.FromLogicalType(name, type);
    }
}
