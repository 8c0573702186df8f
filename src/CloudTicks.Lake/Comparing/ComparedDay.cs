using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Comparing;

/// <summary>
/// The ticks of a day from the archive and from the lake, in a DuckDB table that spills to disk above the memory limit. The archive's ticks
/// are added first, then the lake's, file by file.
/// </summary>
internal sealed class ComparedDay : IDisposable
{
    private const int Text = 0;
    private const int Time = 1;
    private const int Hash = 2;

    // Column indices of the comparison's result.
    private const int Hour = 0;
    private const int Symbol = 1;
    private const int FirstFigure = 2;
    private const int FirstSum = 8;

    /// <summary>
    /// A condition that is always true. It makes DuckDB read the columns that are not part of the identity, and so detect damage in them.
    /// </summary>
    private const string ReadsOtherColumns =
        "hash(source, conditions, indicators, tape, participant_ms, trf_id, trf_ms, vendor_received_ms, received_after_ms, flags) "
        + "IS NOT NULL";

    private readonly DuckDbConnection _connection;
    private readonly string _table;
    private readonly DuckDbAppender _appender;
    private readonly DuckDbChunk _chunk;
    private readonly RecentTicks _recent = new(1 << 16);
    private readonly TickKey[] _key = new TickKey[1];
    private int _count;
    private int _fileCount;

    public ComparedDay(DuckDbConnection connection, LakeDay day, int number, IReadOnlyDictionary<int, long> ends)
    {
        (_connection, Day, Ends) = (connection, day, ends);
        _table = $"day_{number}";
        connection.Execute($"CREATE TABLE {_table} (symbol VARCHAR, timestamp_ms BIGINT, tick_hash BIGINT, side INTEGER, file INTEGER)");
        _appender = connection.Append(_table);
        string[] columns = [TickSchema.Text, TickSchema.LongNumber, TickSchema.LongNumber, "INTEGER", "INTEGER"];
        nint[] types = [.. columns.Select(TickSchema.CreateType)];
        _chunk = DuckDbChunk.Create(types);
        foreach (ref var type in types.AsSpan())
        {
            DuckDbVectorMethods.DestroyType(ref type);
        }
    }

    public LakeDay Day { get; }

    /// <summary>By partition, the offset up to which the lake claims to have every tick of the day.</summary>
    public IReadOnlyDictionary<int, long> Ends { get; }

    /// <summary>By partition, the offset of the first record that was read and has a tick of the day.</summary>
    public Dictionary<int, long> FirstOffsets { get; } = [];

    /// <summary>
    /// Adds a tick of the archive. Repeats that follow soon after the original are skipped here; the comparison skips the others.
    /// </summary>
    public void Add(scoped in Tick tick, int partition, long offset)
    {
        FirstOffsets.TryAdd(partition, offset);
        _key[0] = new TickKey(tick.TimestampMs, TickIdentity.Of(tick));
        if (_recent.Contains(_key[0]))
        {
            return;
        }

        _recent.Add(_key);
        if (_count == DuckDbChunk.Capacity)
        {
            Flush();
        }

        _chunk[Text].SetText(_count, tick.Symbol.Utf8);
        _chunk[Time].Values<long>()[_count] = tick.TimestampMs;
        _chunk[Hash].Values<long>()[_count] = unchecked((long)_key[0].Hash);
        _chunk[Hash + 1].Values<int>()[_count] = (int)ComparedSide.Archive;
        _chunk[Hash + 2].Values<int>()[_count] = -1;
        _count++;
    }

    /// <summary>Writes the last ticks of the archive to the table; must be called before the lake's files are added.</summary>
    public void EndArchive()
    {
        Flush();
        _appender.Close();
    }

    /// <summary>Adds a file of the lake. A file that cannot be read adds nothing.</summary>
    /// <param name="side">An SQL expression for the <see cref="ComparedSide"/> of a row.</param>
    /// <returns>The number of rows in the file, and the sum of their identities.</returns>
    /// <exception cref="DuckDbException">The file cannot be read.</exception>
    public (long Rows, ulong Sum) AddFile(string path, string side, CancellationToken cancellationToken)
    {
        var hash = TickHashFunction.Call(SqlText.Quote(Day.Kind.Name()), SqlText.Quote(Day.Market.Name()));
        var file = _fileCount++;
        _connection.Execute(
            $"INSERT INTO {_table} SELECT symbol, timestamp_ms, {hash}, {side}, {file} "
            + $"FROM read_parquet({SqlText.Quote(path)}, hive_partitioning = false) WHERE {ReadsOtherColumns}",
            cancellationToken);
        using var result = _connection.Query(
            $"SELECT count(*), coalesce(sum(tick_hash::HUGEINT), 0)::HUGEINT FROM {_table} WHERE file = {file}", cancellationToken);
        _ = result.TryRead(out var row);
        return (row![0].Values<long>()[0], unchecked((ulong)row[1].Values<Int128>()[0]));
    }

    /// <summary>Removes the last added file.</summary>
    public void RemoveFile(CancellationToken cancellationToken) =>
        _connection.Execute($"DELETE FROM {_table} WHERE file = {_fileCount - 1}", cancellationToken);

    /// <summary>Removes all files, because the day changed while they were read.</summary>
    public void RemoveFiles(CancellationToken cancellationToken) =>
        _connection.Execute($"DELETE FROM {_table} WHERE file >= 0", cancellationToken);

    /// <summary>Compares both sides by identity, and adds the figures and differences to the result.</summary>
    /// <returns>Whether no difference was found.</returns>
    public bool Compare(LakeComparisonResult into, CancellationToken cancellationToken)
    {
        var isSame = true;
        using var result = _connection.Query(
            $"""
            SELECT ((timestamp_ms // 3600000) % 24)::BIGINT AS hour, symbol,
                count(*) FILTER (in_archive), count(*) FILTER (in_lake), count(*) FILTER (in_archive AND NOT in_lake),
                count(*) FILTER (of_archive AND NOT in_archive), count(*) FILTER (gone AND NOT in_archive),
                coalesce(sum(copies), 0)::BIGINT - count(*) FILTER (in_lake),
                coalesce(sum(tick_hash::HUGEINT) FILTER (in_archive), 0)::HUGEINT,
                coalesce(sum(tick_hash::HUGEINT) FILTER (of_archive OR (in_archive AND in_lake)), 0)::HUGEINT,
                count(*) FILTER (of_archive OR (in_archive AND in_lake))
            FROM (
                SELECT symbol, timestamp_ms, tick_hash, bool_or(side = {(int)ComparedSide.Archive}) AS in_archive,
                    bool_or(side <> {(int)ComparedSide.Archive}) AS in_lake, bool_or(side = {(int)ComparedSide.FromArchive}) AS of_archive,
                    bool_or(side = {(int)ComparedSide.Expired}) AS gone, count(*) FILTER (side <> {(int)ComparedSide.Archive}) AS copies
                FROM {_table} GROUP BY symbol, timestamp_ms, tick_hash)
            GROUP BY 1, 2 ORDER BY 1, 2
            """,
            cancellationToken);
        while (result.TryRead(out var rows))
        {
            for (var row = 0; row < rows.Count; row++)
            {
                var difference = new LakeDifference(
                    Day, (int)rows[Hour].Values<long>()[row], System.Text.Encoding.UTF8.GetString(rows[Symbol].Bytes(row)),
                    Figure(0), Figure(1), Figure(2), Figure(3));
                into.Archive += difference.Archive;
                into.Expired += Figure(4);
                into.Repeats += Figure(5);
                into.ArchiveSum = unchecked(into.ArchiveSum + (ulong)rows[FirstSum].Values<Int128>()[row]);
                into.LakeSum = unchecked(into.LakeSum + (ulong)rows[FirstSum + 1].Values<Int128>()[row]);
                into.Lake += rows[FirstSum + 2].Values<long>()[row];
                if (difference.Missing > 0 || difference.Extra > 0)
                {
                    isSame = false;
                    into.Add(difference);
                }

                long Figure(int number) => rows[FirstFigure + number].Values<long>()[row];
            }
        }

        return isSame;
    }

    /// <summary>Drops the table.</summary>
    public void Dispose()
    {
        _appender.Dispose();
        _chunk.Dispose();
        _connection.Execute($"DROP TABLE {_table}");
    }

    private void Flush()
    {
        _chunk.Count = _count;
        _appender.Append(_chunk);
        _chunk.Reset();
        _count = 0;
    }
}
