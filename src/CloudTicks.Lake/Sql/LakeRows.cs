using System.Diagnostics.CodeAnalysis;
using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Sql;

/// <summary>The rows of a query, each value as text.</summary>
public sealed class LakeRows : IDisposable
{
    private readonly DuckDbResult _result;

    internal LakeRows(IReadOnlyList<LakeColumn> columns, DuckDbResult result) => (Columns, _result) = (columns, result);

    /// <summary>The columns.</summary>
    public IReadOnlyList<LakeColumn> Columns { get; }

    /// <summary>Reads the next rows.</summary>
    /// <param name="chunk">Up to 2,048 rows, all values as text.</param>
    /// <returns>False after the last rows.</returns>
    /// <exception cref="DuckDbException">The query failed during execution.</exception>
    /// <exception cref="OperationCanceledException">The query was interrupted.</exception>
    public bool TryRead([NotNullWhen(true)] out DuckDbChunk? chunk) => _result.TryRead(out chunk);

    /// <summary>Closes the query.</summary>
    public void Dispose() => _result.Dispose();
}
