using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale.Storing;
using CloudTicks.Timescale.Storing.Duplicates;
using Npgsql;

namespace CloudTicks.Replay.Table;

/// <summary>
/// Writes ticks of the archive to <c>market_ticks</c> again. Ticks are deduplicated by identity, and no offset is read or moved, so
/// StoreTicks may write concurrently; the first writer of a tick determines its row. The gathered ticks are stored in one transaction, or
/// in several if the database refuses rows. After a crash the same ticks can be stored again. Not thread-safe.
/// </summary>
public sealed class TickRebuild(NpgsqlDataSource database)
{
    /// <summary>Rows per transaction: few enough that StoreTicks never waits long for a conflicting row.</summary>
    private const int RowsPerTransaction = 20_000;

    private readonly CopyRows _rows = new();
    private readonly List<int> _starts = [];
    private long _refused;

    /// <summary>Whether the gathered ticks fill a transaction.</summary>
    public bool IsFull => _starts.Count >= RowsPerTransaction;

    /// <summary>Whether recent rows already existed in the table, so that the next rows probably exist too.</summary>
    private bool _likelyPresent;

    /// <summary>Gathers a tick.</summary>
    /// <param name="source">The tick's source, which is stored in the row.</param>
    /// <returns>Why the table refuses the tick, as the end of a sentence; null if the tick was gathered.</returns>
    public string? Add(scoped in Tick tick, TickSource source, ulong identity)
    {
        if (StorableTick.Fault(tick) is { } fault)
        {
            _refused++;
            return fault;
        }

        _starts.Add(_rows.Length);
        _rows.Add(tick, source, identity);
        return null;
    }

    /// <summary>
    /// Stores the gathered ticks. They are durable when the call returns. If it fails, they are kept, so that the call can be repeated.
    /// </summary>
    /// <param name="report">Receives a message for each row that the database refuses. All others are stored.</param>
    /// <returns>The result, including ticks refused when they were added.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or fails for a reason other than the rows.</exception>
    public async Task<RebuildResult> StoreAsync(Action<string> report, CancellationToken cancellationToken)
    {
        var result = _starts.Count == 0 ? default : await StoreAsync(0, _starts.Count, report, cancellationToken);
        result += new RebuildResult(0, 0, _refused);
        _rows.Truncate(0);
        _starts.Clear();
        _refused = 0;
        return result;
    }

    /// <summary>Writes states of gaps into <c>feed_gaps</c>, where the newest state of each gap wins.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses the states.</exception>
    public async Task StoreGapsAsync(IReadOnlyCollection<FeedGap> gaps, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FeedGapsTable.WriteAsync(connection, gaps, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<RebuildResult> StoreAsync(int first, int end, Action<string> report, CancellationToken cancellationToken)
    {
        try
        {
            var inserted = await InsertAsync(first, end, cancellationToken);
            return new RebuildResult(inserted, end - first - inserted, 0);
        }
        catch (PostgresException problem) when (RowRefusalSearch.IsCausedByRows(problem) && end - first > 1)
        {
            var middle = first + ((end - first) / 2);
            return await StoreAsync(first, middle, report, cancellationToken) + await StoreAsync(middle, end, report, cancellationToken);
        }
        catch (PostgresException problem) when (RowRefusalSearch.IsCausedByRows(problem))
        {
            report($"The database refuses a row: {problem.MessageText}");
            return new RebuildResult(0, 0, 1);
        }
    }

    private async Task<long> InsertAsync(int first, int end, CancellationToken cancellationToken)
    {
        if (!_likelyPresent)
        {
            try
            {
                await RunAsync(
                    async connection =>
                    {
                        await RowCopy.CopyAsync(connection, MarketTicksTable.CopyInto, [Rows(first, end)], cancellationToken);
                        return 0;
                    },
                    cancellationToken);
                return end - first;
            }
            catch (PostgresException repeated) when (repeated.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                // The table already has some of the ticks: the slower statement below skips them.
            }
        }

        var inserted = await RunAsync(
            connection => StagedMerge.InsertAsync(connection, Rows(first, end), cancellationToken), cancellationToken);
        _likelyPresent = inserted < end - first;
        return inserted;
    }

    private async Task<int> RunAsync(Func<NpgsqlConnection, Task<int>> write, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var rows = await write(connection);
        await transaction.CommitAsync(cancellationToken);
        return rows;
    }

    private ReadOnlyMemory<byte> Rows(int first, int end) =>
        _rows.Written[_starts[first]..(end < _starts.Count ? _starts[end] : _rows.Length)];
}
