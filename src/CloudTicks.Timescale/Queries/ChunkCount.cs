using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>
/// Counts the ticks of one chunk. Ticks more than a minute older than the newest tick are settled: they are not counted again while ticks
/// arrive. Once the chunk is no longer written to, it is counted again as a whole, so that late ticks are included.
/// </summary>
internal sealed class ChunkCount
{
    /// <summary>The minimum age of a settled tick relative to the newest tick, ms: more than the usual lag between symbols.</summary>
    private const long MarginMs = 60_000;

    /// <summary>Approximate maximum of rows per statement, so that it ends long before the server's timeout.</summary>
    private const long MaxRows = 2_000_000;

    private const string Select =
        """
        SELECT symbol, kind::text, count(*), min(timestamp_ms), max(timestamp_ms) FROM market_ticks
        WHERE timestamp_ms >= $1 AND timestamp_ms < $2 GROUP BY symbol, kind
        """;

    private const string SelectNewest = "SELECT max(timestamp_ms) FROM market_ticks WHERE timestamp_ms >= $1 AND timestamp_ms < $2";

    private Dictionary<TickSeries, Tally> _settledCounts = [];
    private long _settledUntil;
    private bool _isComplete;
    private ChunkChanges? _changesAtStart;
    private ChunkChanges? _lastChanges;

    /// <summary>The result of the last complete count; null before the first.</summary>
    public Dictionary<TickSeries, Tally>? LastCount { get; private set; }

    /// <summary>Counts new ticks. Returns false when the call stopped early; the next call continues the count.</summary>
    /// <param name="mayContinue">Called before each query for settled ticks except the first; false stops the count.</param>
    public async Task<bool> ReadAsync(
        NpgsqlConnection connection, ChunkState chunk, bool isLast, Func<bool> mayContinue, CancellationToken cancellationToken)
    {
        var isQuiet = _lastChanges == chunk.Changes;
        _lastChanges = chunk.Changes;
        var isSame = _changesAtStart == chunk.Changes;
        if (_isComplete && isSame && !isLast)
        {
            return true;
        }

        if (_changesAtStart is null || (isQuiet && !isSame))
        {
            (_settledCounts, _settledUntil, _isComplete, _changesAtStart) = ([], chunk.FromMs, false, chunk.Changes);
        }

        return await ContinueAsync(connection, chunk, mayContinue, cancellationToken);
    }

    private async Task<bool> ContinueAsync(
        NpgsqlConnection connection, ChunkState chunk, Func<bool> mayContinue, CancellationToken cancellationToken)
    {
        var newSettledUntil = Math.Max(_settledUntil, (await NewestAsync(connection, chunk, cancellationToken) ?? chunk.FromMs) - MarginMs);
        var step = Math.Max(1_000, (chunk.ToMs - chunk.FromMs) * MaxRows / Math.Max(MaxRows, chunk.Changes.Written));
        for (var isFirst = true; _settledUntil < newSettledUntil; isFirst = false)
        {
            if (!isFirst && !mayContinue())
            {
                return false;
            }

            var until = Math.Min(newSettledUntil, _settledUntil + step);
            var sliceCounts = await CountAsync(connection, _settledUntil, until, cancellationToken);
            Tally.Add(_settledCounts, sliceCounts);
            _settledUntil = until;
        }

        var counted = await CountAsync(connection, _settledUntil, chunk.ToMs, cancellationToken);
        Tally.Add(counted, _settledCounts);
        (LastCount, _isComplete) = (counted, true);
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
