using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>
/// The ticks of one chunk, counted. What is older than a minute before its newest tick is settled and not read again while ticks come in;
/// once nothing is written to the chunk any more it is read once more as a whole, so that ticks that came late count too.
/// </summary>
internal sealed class ChunkCount
{
    /// <summary>How far ticks of different symbols lag behind each other in ordinary times, ms.</summary>
    private const long Margin = 60_000;

    /// <summary>No statement reads more rows than about this: each is done long before the server would end it.</summary>
    private const long MostRows = 2_000_000;

    private const string Select =
        """
        SELECT symbol, kind::text, count(*), min(timestamp_ms), max(timestamp_ms) FROM market_ticks
        WHERE timestamp_ms >= $1 AND timestamp_ms < $2 GROUP BY symbol, kind
        """;

    private const string SelectNewest = "SELECT max(timestamp_ms) FROM market_ticks WHERE timestamp_ms >= $1 AND timestamp_ms < $2";

    private Dictionary<TickSeries, Tally> _settled = [];
    private long _settledUntil;
    private bool _isWhole;
    private ChunkChanges? _begunAt;
    private ChunkChanges? _seen;

    /// <summary>What it has, as of the last time that it was read to its end; null before that.</summary>
    public Dictionary<TickSeries, Tally>? Counted { get; private set; }

    /// <summary>Reads what is new. It may stop anywhere, and goes on from there the next time.</summary>
    /// <param name="mayGoOn">Asked before each statement but the first.</param>
    public async Task<bool> LookAsync(
        NpgsqlConnection connection, ChunkState chunk, bool isLast, Func<bool> mayGoOn, CancellationToken cancellationToken)
    {
        var isQuiet = _seen == chunk.Changes;
        _seen = chunk.Changes;
        var isSame = _begunAt == chunk.Changes;
        if (_isWhole && isSame && !isLast)
        {
            return true;
        }

        if (_begunAt is null || (isQuiet && !isSame))
        {
            (_settled, _settledUntil, _isWhole, _begunAt) = ([], chunk.FromMs, false, chunk.Changes);
        }

        return await ReadOnAsync(connection, chunk, mayGoOn, cancellationToken);
    }

    private async Task<bool> ReadOnAsync(
        NpgsqlConnection connection, ChunkState chunk, Func<bool> mayGoOn, CancellationToken cancellationToken)
    {
        var settled = Math.Max(_settledUntil, (await NewestAsync(connection, chunk, cancellationToken) ?? chunk.FromMs) - Margin);
        var step = Math.Max(1_000, (chunk.ToMs - chunk.FromMs) * MostRows / Math.Max(MostRows, chunk.Changes.Written));
        for (var isFirst = true; _settledUntil < settled; isFirst = false)
        {
            if (!isFirst && !mayGoOn())
            {
                return false;
            }

            var until = Math.Min(settled, _settledUntil + step);
            var slice = await CountAsync(connection, _settledUntil, until, cancellationToken);
            Tally.Add(_settled, slice);
            _settledUntil = until;
        }

        var counted = await CountAsync(connection, _settledUntil, chunk.ToMs, cancellationToken);
        Tally.Add(counted, _settled);
        (Counted, _isWhole) = (counted, true);
        return true;
    }

    private static async Task<long?> NewestAsync(NpgsqlConnection connection, ChunkState chunk, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SelectNewest, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = chunk.FromMs }, new NpgsqlParameter<long> { TypedValue = chunk.ToMs } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private static async Task<Dictionary<TickSeries, Tally>> CountAsync(
        NpgsqlConnection connection, long fromMs, long toMs, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = fromMs }, new NpgsqlParameter<long> { TypedValue = toMs } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var counted = new Dictionary<TickSeries, Tally>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var series = new TickSeries(string.Intern(reader.GetString(0)), string.Intern(reader.GetString(1)));
            counted[series] = new Tally(reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
        }

        return counted;
    }
}
