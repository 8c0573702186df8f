using CloudTicks.Replay.Table;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Timescale;
using CloudTicks.Timescale.Schema;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CloudTicks.Cli.Replaying.Targets;

/// <summary>
/// Stores ticks in the table, each identity once even if other processes write. The owner role creates a missing table.
/// </summary>
internal sealed class TableTarget(NpgsqlDataSource owner, NpgsqlDataSource database, TimeProvider time, TextWriter errors) : IReplayTarget
{
    private const int MaxGapBatch = 500;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly TickRebuild _rebuild = new(database);
    private readonly List<FeedGap> _gaps = [];
    private RebuildResult _result;
    private long _gapStates;
    private bool _isRefusalLogged;

    public string Name => $"table market_ticks of database {new NpgsqlConnectionStringBuilder(database.ConnectionString).Database}";

    public bool IsFull => _rebuild.IsFull;

    public bool AcceptsGaps => true;

    public string? Fault => null;

    public IEnumerable<(string Name, long Number)> Results =>
        [("stored", _result.Stored), ("present", _result.Present), ("refused_by_table", _result.Refused), ("gap_states", _gapStates)];

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await new SchemaMigrator(owner, time, NullLogger<SchemaMigrator>.Instance).MigrateAsync(cancellationToken);
            if (await new DroppedTable(owner, NullLogger<DroppedTable>.Instance).RestoreAsync(cancellationToken))
            {
                errors.WriteLine($"The {Name} was missing and was created, empty.");
            }
        }
        catch (SchemaException problem)
        {
            throw new ReplayException(problem.Message, problem);
        }
        catch (NpgsqlException problem)
        {
            throw new ReplayException(Sentence(problem), problem);
        }
    }

    public async ValueTask AddGapAsync(FeedGap gap, CancellationToken cancellationToken)
    {
        _gaps.Add(gap);
        if (_gaps.Count >= MaxGapBatch)
        {
            await StoreGapsAsync(cancellationToken);
        }
    }

    public void Add(scoped in Tick tick, TickSource source, ulong identity, int partition)
    {
        if (_rebuild.Add(tick, source, identity) is { } reason)
        {
            Refused($"A tick of {tick.Symbol} {reason}");
        }
    }

    public async Task DeliverAsync(string? feed, bool all, CancellationToken cancellationToken)
    {
        if (_rebuild.IsFull || all)
        {
            await TryAsync(async () => _result += await _rebuild.StoreAsync(Refused, cancellationToken), cancellationToken);
        }
    }

    public Task CompleteAsync(CancellationToken cancellationToken) => StoreGapsAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await owner.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task StoreGapsAsync(CancellationToken cancellationToken)
    {
        if (_gaps.Count > 0)
        {
            await TryAsync(() => _rebuild.StoreGapsAsync(_gaps, cancellationToken), cancellationToken);
            _gapStates += _gaps.Count;
            _gaps.Clear();
        }
    }

    /// <summary>Retries for up to a minute after a restart, a conflict or a lack of connections; other failures end the replay.</summary>
    private async Task TryAsync(Func<Task> store, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                await store();
                return;
            }
            catch (NpgsqlException problem)
            {
                var kind = DatabaseProblem.Of(problem, database.ConnectionString).Kind;
                var isTransient = kind
                    is DatabaseProblemKind.Unavailable or DatabaseProblemKind.Conflict or DatabaseProblemKind.NoConnectionLeft;
                if (!isTransient || time.GetElapsedTime(started) > MaxWait)
                {
                    throw new ReplayException($"{Sentence(problem)} Stored ticks stay; fix the cause, and run the replay again.", problem);
                }

                if (isFirst && kind == DatabaseProblemKind.Unavailable)
                {
                    errors.WriteLine($"{Sentence(problem)} Retrying for {MaxWait.TotalSeconds:0} s.");
                }

                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    private void Refused(string sentence)
    {
        if (!_isRefusalLogged)
        {
            _isRefusalLogged = true;
            errors.WriteLine($"{sentence}; it is skipped. Further skipped ticks are only counted.");
        }
    }

    private string Sentence(NpgsqlException problem)
    {
        var text = DatabaseProblem.Of(problem, database.ConnectionString).Text;
        return char.ToUpperInvariant(text[0]) + text[1..];
    }
}
