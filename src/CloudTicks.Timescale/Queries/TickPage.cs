using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>An open query for ticks of a symbol. It occupies a connection until it is disposed.</summary>
public sealed class TickPage : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlDataReader _reader;

    private TickPage(NpgsqlConnection connection, NpgsqlDataReader reader) => (_connection, _reader) = (connection, reader);

    /// <summary>Number of ticks.</summary>
    public int Count { get; private init; }

    /// <summary>The cursor of the last tick; null without ticks.</summary>
    public TickCursor? Last { get; private init; }

    /// <summary>Whether the limit was reached, so that there may be more ticks.</summary>
    public bool IsFull { get; private init; }

    /// <summary>Reads the ticks in order of time, then of the feed's sequence number. Can be called only once.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async IAsyncEnumerable<MarketTick> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var hasTick = Count > 0; hasTick; hasTick = await _reader.ReadAsync(cancellationToken))
        {
            yield return MarketTickRows.Read(_reader);
        }
    }

    /// <summary>Closes the query and returns the connection to the pool.</summary>
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

        const int first = MarketTickRows.ColumnCount;
        var count = (int)reader.GetInt64(first);
        return new TickPage(connection, reader)
        {
            Count = count,
            Last = new TickCursor(reader.GetInt64(first + 1), reader.GetInt64(first + 2), (ulong)reader.GetInt64(first + 3)),
            IsFull = count == limit,
        };
    }
}
