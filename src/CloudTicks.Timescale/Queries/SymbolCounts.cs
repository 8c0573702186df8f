using CloudTicks.Ticks;
using CloudTicks.Timescale.Roles;
using Npgsql;

namespace CloudTicks.Timescale.Queries;

/// <summary>Counts ticks by symbol, chunk by chunk, keeping unchanged chunks; a tenth of one connection's time.</summary>
public sealed class SymbolCounts(ReadingDatabase database, TimeProvider time) : IDisposable
{
    /// <summary>So long one question counts at most; the next goes on.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>No answer is older than this, however long the counting takes.</summary>
    private static readonly TimeSpan Oldest = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _turn = new(1);
    private Dictionary<string, ChunkCount> _chunks = [];
    private SymbolPicture? _picture;
    private long _readAt;
    private TimeSpan _keep;

    /// <summary>The symbols as of now, or of a moment ago.</summary>
    /// <exception cref="CountingException">The table has never been counted and is too large to be counted in one question: ask
    /// again.</exception>
    /// <exception cref="NpgsqlException">The database does not answer, or not in time.</exception>
    public async Task<SymbolPicture> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_picture is null || time.GetElapsedTime(_readAt) >= _keep)
            {
                var began = time.GetTimestamp();
                await LookAsync(() => time.GetElapsedTime(began) < Patience, cancellationToken);
                _readAt = time.GetTimestamp();
                var took = 9 * time.GetElapsedTime(began);
                _keep = took < Oldest ? took : Oldest;
            }

            return _picture!;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task LookAsync(Func<bool> mayGoOn, CancellationToken cancellationToken)
    {
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        await using var connection = await database.OpenAsync(cancellationToken);
        var chunks = await ChunkState.ReadAsync(connection, cancellationToken);
        _chunks = chunks.ToDictionary(chunk => chunk.Name, chunk => _chunks.GetValueOrDefault(chunk.Name) ?? new ChunkCount());
        for (var i = chunks.Count - 1; i >= 0; i--)
        {
            var isLast = i == chunks.Count - 1 || (chunks[i].FromMs <= nowMs && nowMs < chunks[i].ToMs);
            if ((i < chunks.Count - 1 && !mayGoOn())
                || !await _chunks[chunks[i].Name].LookAsync(connection, chunks[i], isLast, mayGoOn, cancellationToken))
            {
                break;
            }
        }

        var counted = _chunks.Values.Where(chunk => chunk.Counted is not null).Select(chunk => chunk.Counted!).ToList();
        if (counted.Count == _chunks.Count)
        {
            var today = chunks.Where(chunk => chunk.FromMs >= TradingDay.BeginOf(nowMs)).Select(chunk => _chunks[chunk.Name].Counted!);
            _picture = new SymbolPicture(nowMs, Sum(counted), Sum(today));
        }
        else if (_picture is null)
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
