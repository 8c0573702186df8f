using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Ticks of a symbol that are being read. It holds a connection until it is disposed.</summary>
public sealed class TickPage : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlDataReader _reader;

    private TickPage(NpgsqlConnection connection, NpgsqlDataReader reader) => (_connection, _reader) = (connection, reader);

    /// <summary>How many ticks it has.</summary>
    public int Count { get; private init; }

    /// <summary>The place of its last tick; null when it has none.</summary>
    public TickCursor? Last { get; private init; }

    /// <summary>Whether the limit ended it, so that there may be more ticks.</summary>
    public bool IsFull { get; private init; }

    /// <summary>Reads its ticks, by time, then by the feed's sequence number; once.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async IAsyncEnumerable<MarketTick> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var isThere = Count > 0; isThere; isThere = await _reader.ReadAsync(cancellationToken))
        {
            yield return MarketTickRows.Read(_reader);
        }
    }

    /// <summary>Ends the reading, and gives the connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _connection.DisposeAsync();
    }

    internal static async Task<TickPage> OpenAsync(
        NpgsqlConnection connection, NpgsqlDataReader reader, int limit, CancellationToken cancellationToken)
    {
        if (!await reader.ReadAsync(cancellationToken))
        {
            return new TickPage(connection, reader);
        }

        const int own = MarketTickRows.ColumnCount;
        var count = (int)reader.GetInt64(own);
        return new TickPage(connection, reader)
        {
            Count = count,
            Last = new TickCursor(reader.GetInt64(own + 1), reader.GetInt64(own + 2), (ulong)reader.GetInt64(own + 3)),
            IsFull = count == limit,
        };
    }
}
