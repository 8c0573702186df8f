using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>Appends data chunks of DuckDB to a table of DuckDB.</summary>
public sealed class DuckDbAppender : IDisposable
{
    private nint _handle;

    internal DuckDbAppender(DuckDbConnection connection, string table)
    {
        if (DuckDbVectorMethods.CreateAppender(connection.Handle, null, table, out _handle) != DuckDbMethods.Success)
        {
            var failure = Failure();
            Dispose();
            throw failure;
        }
    }

    /// <summary>Writes the rows of a chunk, which can be reused afterwards.</summary>
    /// <exception cref="DuckDbException">The rows do not fit into memory and the temporary folder.</exception>
    internal void Append(DuckDbChunk chunk)
    {
        if (DuckDbVectorMethods.AppendChunk(_handle, chunk.Handle) != DuckDbMethods.Success)
        {
            throw Failure();
        }
    }

    /// <summary>Writes the remaining rows, so that the table has all rows.</summary>
    /// <exception cref="DuckDbException">The rows do not fit into memory and the temporary folder.</exception>
    public void Close()
    {
        if (DuckDbVectorMethods.CloseAppender(_handle) != DuckDbMethods.Success)
        {
            throw Failure();
        }
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        if (_handle != 0)
        {
            _ = DuckDbVectorMethods.DestroyAppender(ref _handle);
            _handle = 0;
        }
    }

    private DuckDbException Failure()
    {
        var message = Marshal.PtrToStringUTF8(DuckDbVectorMethods.AppenderError(_handle));
        return new DuckDbException(message, DuckDbFailure.KindOf(message));
    }
}
