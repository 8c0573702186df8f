using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>
/// Counts ticks by symbol and chunk. The counts of unchanged chunks are cached. A result is cached for nine times as long as counting took,
/// but for at most 15 s; up to that limit, counting uses at most a tenth of a connection's time.
/// </summary>
public sealed class SymbolCounts(ReadingDatabase database, TimeProvider time) : IDisposable
{
    /// <summary>The approximate maximum time of one call; the next call continues the count.</summary>
    private static readonly TimeSpan MaxCountTime = TimeSpan.FromSeconds(10);

    /// <summary>The maximum time for which a result is cached, however long counting took.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _gate = new(1);
    private Dictionary<string, ChunkCount> _chunks = [];
    private SymbolSnapshot? _snapshot;
    private long _readAt;
    private TimeSpan _cacheTime;

    /// <summary>Reads the symbols. The result is usually at most 15 s old.</summary>
    /// <exception cref="CountingException">The first count of the table needs more than one call; repeat the call.</exception>
    /// <exception cref="NpgsqlException">The database does not answer in time.</exception>
    public async Task<SymbolSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_snapshot is null || time.GetElapsedTime(_readAt) >= _cacheTime)
            {
                var startedAt = time.GetTimestamp();
                await QueryAsync(() => time.GetElapsedTime(startedAt) < MaxCountTime, cancellationToken);
                _readAt = time.GetTimestamp();
                var cacheTime = 9 * time.GetElapsedTime(startedAt);
                _cacheTime = cacheTime < MaxAge ? cacheTime : MaxAge;
            }

            return _snapshot!;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task QueryAsync(Func<bool> mayContinue, CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        await using var connection = await database.OpenAsync(cancellationToken);
        var chunks = await ChunkState.ReadAsync(connection, cancellationToken);
        _chunks = chunks.ToDictionary(chunk => chunk.Name, chunk => _chunks.GetValueOrDefault(chunk.Name) ?? new ChunkCount());
        for (var i = chunks.Count - 1; i >= 0; i--)
        {
            var isLast = i == chunks.Count - 1 || (chunks[i].FromMs <= nowMs && nowMs < chunks[i].ToMs);
            if ((i < chunks.Count - 1 && !mayContinue())
                || !await _chunks[chunks[i].Name].ReadAsync(connection, chunks[i], isLast, mayContinue, cancellationToken))
            {
                break;
            }
        }

        var counted = _chunks.Values.Where(chunk => chunk.LastCount is not null).Select(chunk => chunk.LastCount!).ToList();
        if (counted.Count == _chunks.Count)
        {
            var today = chunks.Where(chunk => chunk.FromMs >= TradingDay.BeginOf(nowMs)).Select(chunk => _chunks[chunk.Name].LastCount!);
            _snapshot = new SymbolSnapshot(nowMs, Sum(counted), Sum(today));
        }
        else if (_snapshot is null)
        {
            throw new CountingException(counted.Count, _chunks.Count);
        }
    }

    private static Dictionary<TickSeries, Tally> Sum(IEnumerable<Dictionary<TickSeries, Tally>> counted)
    {
        var sums = new Dictionary<TickSeries, Tally>();
        foreach (var chunk in counted)
        {
            Tally.Add(sums, chunk);
        }

        return sums;
    }
}
