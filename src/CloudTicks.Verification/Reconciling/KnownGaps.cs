using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Verification.Findings;
using Npgsql;

namespace CloudTicks.Verification.Reconciling;

/// <summary>The gaps of a time range, from the table and from the archive.</summary>
internal sealed class KnownGaps
{
    private const int MaxGaps = 100_000;

    private const string SelectInTimeRange =
        """
        SELECT id, symbol, kind::text, from_ms, to_ms, cause, state::text, changed_ms, missing, restored, loss,
            detail FROM feed_gaps
        WHERE (to_ms IS NULL OR to_ms >= $1) AND from_ms < $2 ORDER BY from_ms LIMIT 100000
        """;

    private readonly Dictionary<Guid, FeedGap> _archived = [];
    private readonly Dictionary<Guid, StoredGap> _stored = [];
    private ILookup<Series, StoredGap> _bySeries = Array.Empty<StoredGap>().ToLookup(gap => gap.Series);

    public int Count => _stored.Count;

    /// <summary>The number of gaps that are not filled.</summary>
    public int Unfilled => _stored.Values.Count(gap => gap.State != GapState.Filled.Name());

    /// <summary>The number of gaps that are unfillable.</summary>
    public int Unfillable => _stored.Values.Count(gap => gap.State == GapState.Unfillable.Name());

    /// <summary>Counts the ticks that are known to be missing in gaps and were not recovered.</summary>
    public MissingTicks Missing(Predicate<string> isSelected) => MissingTicks.Of(
        _stored.Values.Where(gap => isSelected(gap.Series.Symbol)),
        gap => (gap.Loss ?? gap.Id, TickNames.TryParse(gap.State, out GapState state) ? state : default, gap.Missing, gap.Restored));

    /// <summary>Describes each unfillable gap with known missing ticks in a sentence without a full stop.</summary>
    public IEnumerable<string> Lost(Predicate<string> isSelected) =>
        _stored.Values.Where(gap => isSelected(gap.Series.Symbol) && gap.Missing > gap.Restored && gap.State == GapState.Unfillable.Name())
            .OrderBy(gap => gap.FromMs)
        .Select(gap =>
            $"{gap.Series} {Format.Time(gap.FromMs)}{(gap.ToMs is { } to ? $" to {Format.Time(to)}" : "")} ({gap.Cause}): "
                + $"{gap.Detail?.TrimEnd('.')}");

    /// <summary>Adds a gap's state from the archive; the newest state counts.</summary>
    public ValueTask AddAsync(FeedGap gap, CancellationToken cancellationToken)
    {
        if ((_archived.Count < MaxGaps || _archived.ContainsKey(gap.Id))
            && (!_archived.TryGetValue(gap.Id, out var known) || known.ChangedMs <= gap.ChangedMs))
        {
            _archived[gap.Id] = gap;
        }

        return ValueTask.CompletedTask;
    }

    public async Task ReadTableAsync(NpgsqlDataSource table, long fromMs, long toMs, CancellationToken cancellationToken)
    {
        await using var command = table.CreateCommand(SelectInTimeRange);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = fromMs });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = toMs });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _stored[reader.GetGuid(0)] = new StoredGap(
                reader.GetGuid(0), new Series(reader.GetString(1), reader.GetString(2) == "trade"), reader.GetInt64(3),
                reader.GetFieldValue<long?>(4), reader.GetString(5), reader.GetString(6), reader.GetInt64(7),
                reader.GetInt64(8), reader.GetInt64(9), reader.GetFieldValue<Guid?>(10), reader.IsDBNull(11) ? null : reader.GetString(11));
        }

        _bySeries = _stored.Values.ToLookup(gap => gap.Series);
    }

    public IEnumerable<StoredGap> Of(Series series, long fromMs, long toMs) =>
        _bySeries[series].Where(gap => gap.FromMs < toMs && (gap.ToMs ?? long.MaxValue) >= fromMs);

    /// <summary>Describes each gap of the archive that the table lacks, or has in an older state.</summary>
    public IEnumerable<(Series Series, long FromMs, string Sentence)> Differences() => _archived.Values
        .Where(gap => _stored.GetValueOrDefault(gap.Id) is not { } stored || stored.ChangedMs < gap.ChangedMs)
        .Select(gap => (
            new Series(gap.Symbol.Name, gap.Kind == Ticks.TickKind.Trade), gap.FromMs,
            _stored.GetValueOrDefault(gap.Id) is { } stored
                ? $"gap {gap.Id} is {gap.State.Name()} in the archive, {stored.State} in feed_gaps"
                : $"gap {gap.Id} ({gap.Cause}, {gap.State.Name()}) is in the archive, but not in feed_gaps"));
}

internal sealed record StoredGap(
    Guid Id, Series Series, long FromMs, long? ToMs, string Cause, string State, long ChangedMs, long Missing, long Restored, Guid? Loss,
    string? Detail);
