using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>
/// A connection to a DuckDB database. It is not thread-safe; only <see cref="Interrupt"/> may be called from another thread.
/// </summary>
public sealed class DuckDbConnection : IDisposable
{
    private readonly Lock _closing = new();
    private nint _handle;

    internal DuckDbConnection(nint handle) => _handle = handle;

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle == 0, this);
            return _handle;
        }
    }

    /// <summary>Runs one or several statements to completion.</summary>
    /// <param name="sql">The statements.</param>
    /// <param name="cancellationToken">Interrupts the running statement.</param>
    /// <returns>The number of rows that the last statement changed or wrote.</returns>
    /// <exception cref="DuckDbException">A statement is invalid or fails.</exception>
    /// <exception cref="OperationCanceledException">A statement was interrupted.</exception>
    public long Execute(string sql, CancellationToken cancellationToken = default)
    {
        var changed = 0L;
        foreach (var statement in Prepare(sql))
        {
            using (statement)
            {
                changed = statement.Execute(cancellationToken);
            }
        }

        return changed;
    }

    /// <summary>Runs one query. Its rows are produced while they are read.</summary>
    /// <param name="sql">The query.</param>
    /// <param name="cancellationToken">Interrupts the query, even while its rows are being read.</param>
    /// <returns>The result; dispose of it before the connection's next statement.</returns>
    /// <exception cref="DuckDbException">The query is invalid or fails.</exception>
    /// <exception cref="OperationCanceledException">The query was interrupted.</exception>
    public DuckDbResult Query(string sql, CancellationToken cancellationToken = default)
    {
        var statement = Prepare(sql).Single();
        try
        {
            return statement.Query(ownsStatement: true, cancellationToken);
        }
        catch
        {
            statement.Dispose();
            throw;
        }
    }

    /// <summary>Splits a text into statements and prepares each one when it is enumerated.</summary>
    /// <param name="sql">The statements.</param>
    /// <exception cref="DuckDbException">The text is not valid SQL, or names something that does not exist.</exception>
    public IEnumerable<DuckDbStatement> Prepare(string sql)
    {
        var count = DuckDbMethods.ExtractStatements(Handle, sql, out var statements);
        try
        {
            if (count == 0 && Marshal.PtrToStringUTF8(DuckDbMethods.ExtractStatementsError(statements)) is { Length: > 0 } error)
            {
                throw new DuckDbException(error, DuckDbFailure.KindOf(error));
            }

            for (var i = 0UL; i < count; i++)
            {
                yield return DuckDbStatement.Prepare(this, statements, i);
            }
        }
        finally
        {
            DuckDbMethods.DestroyExtracted(ref statements);
        }
    }

    /// <summary>Opens an appender on a table.</summary>
    /// <param name="table">The table's name.</param>
    /// <exception cref="DuckDbException">The table does not exist.</exception>
    public DuckDbAppender Append(string table) => new(this, table);

    /// <summary>
    /// Ends the running statement, if any, with <see cref="OperationCanceledException"/> or <see cref="DuckDbException"/>.
    /// </summary>
    public void Interrupt()
    {
        lock (_closing)
        {
            if (_handle != 0)
            {
                DuckDbMethods.Interrupt(_handle);
            }
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        lock (_closing)
        {
            if (_handle != 0)
            {
                DuckDbMethods.Disconnect(ref _handle);
                _handle = 0;
            }
        }
    }
}
