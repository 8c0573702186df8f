using System.Runtime.InteropServices;
using System.Text;

namespace CloudTicks.Lake.Native;

/// <summary>A prepared statement with named (<c>$name</c>) or numbered parameters.</summary>
public sealed class DuckDbStatement : IDisposable
{
    private readonly DuckDbConnection _connection;
    private nint _handle;

    private DuckDbStatement(DuckDbConnection connection, nint handle)
    {
        _connection = connection;
        _handle = handle;
        Kind = (DuckDbStatementKind)DuckDbMethods.StatementType(handle);
        Parameters = [.. Enumerable.Range(1, (int)DuckDbMethods.ParameterCount(handle)).Select(Name)];
    }

    /// <summary>The kind of statement.</summary>
    public DuckDbStatementKind Kind { get; }

    /// <summary>The parameters' names in order; for a parameter without a name, its number.</summary>
    public IReadOnlyList<string> Parameters { get; }

    internal static DuckDbStatement Prepare(DuckDbConnection connection, nint statements, ulong index)
    {
        if (DuckDbMethods.PrepareExtracted(connection.Handle, statements, index, out var statement) == DuckDbMethods.Success)
        {
            return new DuckDbStatement(connection, statement);
        }

        var error = Marshal.PtrToStringUTF8(DuckDbMethods.PrepareError(statement));
        DuckDbMethods.DestroyPrepare(ref statement);
        throw new DuckDbException(error, DuckDbFailure.KindOf(error));
    }

    /// <summary>Sets a parameter.</summary>
    /// <param name="name">One of <see cref="Parameters"/>.</param>
    /// <param name="value">null, a bool, long, double, or string.</param>
    /// <exception cref="ArgumentException">There is no such parameter, or the value is of another type.</exception>
    /// <exception cref="DuckDbException">DuckDB refuses the value.</exception>
    public void Bind(string name, object? value)
    {
        var index = Parameters.ToList().IndexOf(name);
        if (index < 0)
        {
            throw new ArgumentException($"The query has no parameter ${name}.", nameof(name));
        }

        var number = (ulong)index + 1;
        var state = value switch
        {
            null => DuckDbMethods.BindNull(_handle, number),
            bool flag => DuckDbMethods.BindBoolean(_handle, number, flag),
            long whole => DuckDbMethods.BindInt64(_handle, number, whole),
            double real => DuckDbMethods.BindDouble(_handle, number, real),
            string text => BindText(number, text),
            _ => throw new ArgumentException(
                $"The value of a parameter must be null, a bool, long, double or string, not a {value.GetType().Name}.", nameof(value)),
        };
        if (state != DuckDbMethods.Success)
        {
            throw new DuckDbException($"DuckDB refuses the value of ${name}.");
        }
    }

    /// <summary>Runs the statement to completion.</summary>
    /// <param name="cancellationToken">Interrupts the statement.</param>
    /// <returns>The number of rows that the statement changed or wrote.</returns>
    /// <exception cref="DuckDbException">DuckDB fails.</exception>
    /// <exception cref="OperationCanceledException">The statement was interrupted.</exception>
    public long Execute(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var interruption = new DuckDbInterruption(_connection, cancellationToken);
        var state = DuckDbMethods.ExecutePrepared(_handle, out var result);
        try
        {
            DuckDbFailure.ThrowIf(state, ref result, cancellationToken);
            return (long)DuckDbMethods.RowsChanged(ref result);
        }
        finally
        {
            DuckDbMethods.DestroyResult(ref result);
        }
    }

    /// <summary>Runs the statement; its rows are produced while they are read.</summary>
    /// <param name="cancellationToken">Interrupts the query, even while its rows are being read.</param>
    /// <exception cref="DuckDbException">DuckDB fails.</exception>
    /// <exception cref="OperationCanceledException">The statement was interrupted.</exception>
    public DuckDbResult Query(CancellationToken cancellationToken = default) => Query(ownsStatement: false, cancellationToken);

    internal DuckDbResult Query(bool ownsStatement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var interruption = new DuckDbInterruption(_connection, cancellationToken);
        var state = DuckDbMethods.ExecuteStreaming(_handle, out var result);
        try
        {
            DuckDbFailure.ThrowIf(state, ref result, cancellationToken);
            return new DuckDbResult(result, interruption, ownsStatement ? this : null, cancellationToken);
        }
        catch
        {
            interruption.Dispose();
            DuckDbMethods.DestroyResult(ref result);
            throw;
        }
    }

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        if (_handle != 0)
        {
            DuckDbMethods.DestroyPrepare(ref _handle);
            _handle = 0;
        }
    }

    private int BindText(ulong index, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return DuckDbMethods.BindVarchar(_handle, index, bytes, (ulong)bytes.Length);
    }

    private string Name(int number)
    {
        var text = DuckDbMethods.ParameterName(_handle, (ulong)number);
        var name = Marshal.PtrToStringUTF8(text) ?? "";
        DuckDbMethods.Free(text);
        return name;
    }
}
