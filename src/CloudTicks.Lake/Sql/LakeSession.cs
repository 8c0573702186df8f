using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Lake.Sql;

/// <summary>
/// Runs SQL queries, one at a time, over a lake and newer ticks. Newer ticks and gaps are added first; then <see cref="Seal"/> creates the
/// views, and restricts the database to the lake's files and the output file. No extension can then be loaded, and no setting changed.
/// </summary>
public sealed class LakeSession : IDisposable
{
    /// <summary>DuckDB may report damage to a file without a specific error type; these parts of its messages identify damage.</summary>
    private static readonly string[] DamageMessages =
    [
        "parquet", "zstd", "decompress", "corrupt", "page", "thrift",
        TickHashFunction.InvalidRowError, ExactDoubleFunction.InvalidPriceError,
    ];

    private readonly LakeSqlOptions _options;
    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;
    private readonly LakeContent? _content;
    private readonly Dictionary<(TickKind Kind, Market Market), RecentTicksTable> _recent = [];

    private LakeSession(LakeSqlOptions options, DuckDbDatabase database, DuckDbConnection connection, LakeContent? content) =>
        (_options, _database, _connection, _content) = (options, database, connection, content);

    /// <summary>Sentences about files that are missing, damaged, or not part of the lake; the session reads all other files.</summary>
    public IReadOnlyList<string> Notes => _content?.Notes ?? [];

    /// <summary>The number of files that are read.</summary>
    public int FileCount => _content?.Files.Values.Sum(files => files.Count) ?? 0;

    /// <summary>
    /// Returns the offset of a partition's first record that is not in the lake; 0 if the lake has no records of the partition.
    /// </summary>
    public long NextOffset(string stream, int partition) => _content?.Positions.NextOf(stream, partition) ?? 0;

    /// <summary>Opens a lake.</summary>
    /// <exception cref="LakeException">
    /// A later version of this program wrote the lake, or the local cache has no room for a file.
    /// </exception>
    /// <exception cref="IOException">The lake cannot be read.</exception>
    /// <exception cref="DllNotFoundException">libduckdb is missing; the message says what to do.</exception>
    public static async Task<LakeSession> OpenAsync(LakeSqlOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var database = DuckDbDatabase.Open(new DuckDbSettings
        {
            MemoryBytes = options.MemoryBytes,
            Threads = options.Threads,
            TemporaryFolder = options.TemporaryFolder,
        });
        try
        {
            var connection = database.Connect();
            connection.Execute($"SET parquet_metadata_cache = true; CREATE TABLE gaps ({LakeViews.GapsDefinition})", cancellationToken);
            TickHashFunction.Register(connection);
            ExactDoubleFunction.Register(connection);
            var store = options.Store ?? (options.Folder is { } folder ? new FolderStore(folder, new Disk()) : null);
            var content = store is not null ? await LakeContent.ReadAsync(store, connection, cancellationToken) : null;
            return new LakeSession(options, database, connection, content);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Adds a tick that is newer than the lake.</summary>
    public void Add(scoped in Tick tick, TickSource source, int partition, long offset)
    {
        var series = (tick.Kind, tick.Symbol.Market);
        if (!_recent.TryGetValue(series, out var table))
        {
            _recent[series] = table = new RecentTicksTable(_connection, LakeViews.RecentTable(tick.Kind, tick.Symbol.Market));
        }

        table.Add(tick, source, partition, offset);
    }

    /// <summary>Adds a gap in its newest state.</summary>
    public void Add(FeedGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        using var statement = _connection.Prepare("INSERT INTO gaps VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)").Single();
        object?[] values =
        [
            gap.Id.ToString(), gap.Symbol.Market.Name(), gap.Symbol.Name, gap.Kind.Name(), gap.FromMs, gap.ToMs, gap.Cause, gap.FoundBy,
            gap.State.Name(), gap.Recovered, gap.Detail, gap.ChangedMs,
        ];
        for (var i = 0; i < values.Length; i++)
        {
            statement.Bind(statement.Parameters[i], values[i]);
        }

        statement.Execute();
    }

    /// <summary>Creates the views and functions, and restricts the database to the lake's files and the output file.</summary>
    public void Seal()
    {
        foreach (var table in _recent.Values)
        {
            table.Dispose();
        }

        var files = _content?.Files ?? [];
        IEnumerable<string> allowed = files.Values.SelectMany(paths => paths);
        var paths = _options.OutputFile is { } output ? allowed.Append(Path.GetFullPath(output)) : allowed;
        _connection.Execute($"SET allowed_paths = {SqlText.Quote(paths)}; SET enable_external_access = false");
        foreach (var statement in LakeViews.Statements(files, _recent.Keys.ToHashSet()).Concat(LakeMacros.All.Select(LakeMacros.Statement)))
        {
            _connection.Execute(statement);
        }

        _connection.Execute("SET lock_configuration = true");
    }

    /// <summary>Runs a query; its rows are produced while they are read.</summary>
    /// <param name="sql">One read-only statement.</param>
    /// <param name="parameters">Values of <c>$name</c>: null, bool, long, double or string.</param>
    /// <param name="asJson">Whether to return one JSON object per row in a single column.</param>
    /// <param name="cancellationToken">Interrupts the query.</param>
    /// <exception cref="LakeQueryException">The statement is not read-only, or a parameter is missing or unknown.</exception>
    /// <exception cref="DuckDbException">The query is invalid or fails.</exception>
    /// <exception cref="OperationCanceledException">The query was interrupted.</exception>
    public LakeRows Query(
        string sql, IReadOnlyDictionary<string, object?> parameters, bool asJson, CancellationToken cancellationToken)
    {
        var query = LakeQuery.Parse(_connection, sql);
        if (query.IsExplanation)
        {
            return Read(query.Text, parameters, [new LakeColumn("key", false), new LakeColumn("value", false)], cancellationToken);
        }

        var columns = asJson ? [new LakeColumn("row", false)] : Columns(query, parameters, cancellationToken);
        var wrapped = asJson ? $"SELECT to_json(q)::VARCHAR FROM (\n{query.Text}\n) AS q"
            : $"SELECT COLUMNS(*)::VARCHAR FROM (\n{query.Text}\n) AS q";
        return Read(wrapped, parameters, columns, cancellationToken);
    }

    /// <summary>Writes the rows of a query into <see cref="LakeSqlOptions.OutputFile"/>.</summary>
    /// <returns>The number of rows written.</returns>
    /// <exception cref="LakeQueryException">The statement is an EXPLAIN or not read-only, or a parameter is missing or unknown.</exception>
    /// <exception cref="DuckDbException">The query is invalid or fails.</exception>
    /// <exception cref="OperationCanceledException">The query was interrupted.</exception>
    public long WriteParquet(string sql, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
    {
        var query = LakeQuery.Parse(_connection, sql);
        if (query.IsExplanation)
        {
            throw new LakeQueryException("EXPLAIN returns text, which cannot be written as Parquet.");
        }

        var path = SqlText.Quote(Path.GetFullPath(_options.OutputFile!));
        using var statement = Prepare(
            $"COPY (\n{query.Text}\n) TO {path} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)", parameters);
        return statement.Execute(cancellationToken);
    }

    /// <summary>Whether a query failed because of a damaged file, judging by the kind of failure and by DuckDB's message.</summary>
    public static bool IsDamage(DuckDbException failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        return failed.Kind == DuckDbErrorKind.Unreadable
            || (failed.Kind is DuckDbErrorKind.Other or DuckDbErrorKind.File
                && Array.Exists(DamageMessages, word => failed.Message.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Reads every file completely, and excludes damaged ones. No result may be open.</summary>
    /// <returns>A sentence for each damaged file.</returns>
    /// <exception cref="OperationCanceledException">The reading was interrupted.</exception>
    public IReadOnlyList<string> ExcludeDamaged(CancellationToken cancellationToken)
    {
        var notes = _content?.ExcludeDamaged(_connection, cancellationToken) ?? [];
        foreach (var view in LakeViews.Statements(_content?.Files ?? [], _recent.Keys.ToHashSet()))
        {
            _connection.Execute(view, cancellationToken);
        }

        return notes;
    }

    /// <summary>Cancels the running query.</summary>
    public void Interrupt() => _connection.Interrupt();

    /// <summary>Closes the database and frees all resources.</summary>
    public void Dispose()
    {
        foreach (var table in _recent.Values)
        {
            table.Dispose();
        }

        _connection.Dispose();
        _database.Dispose();
    }

    private LakeRows Read(
        string sql, IReadOnlyDictionary<string, object?> parameters, IReadOnlyList<LakeColumn> columns, CancellationToken cancellationToken)
    {
        var statement = Prepare(sql, parameters);
        try
        {
            return new LakeRows(columns, statement.Query(ownsStatement: true, cancellationToken));
        }
        catch
        {
            statement.Dispose();
            throw;
        }
    }

    private LakeColumn[] Columns(LakeQuery query, IReadOnlyDictionary<string, object?> parameters, CancellationToken cancellationToken)
    {
        using var statement = Prepare($"FROM (\n{query.Text}\n) AS q LIMIT 0", parameters);
        using var result = statement.Query(cancellationToken);
        return [.. result.Columns.Select(column => new LakeColumn(column.Name, column.Type is >= DuckDbType.TinyInt and <= DuckDbType.Double
            or DuckDbType.HugeInt or DuckDbType.UHugeInt or DuckDbType.Decimal))];
    }

    private DuckDbStatement Prepare(string sql, IReadOnlyDictionary<string, object?> parameters)
    {
        var statement = _connection.Prepare(sql).Single();
        if (statement.Parameters.FirstOrDefault(name => !parameters.ContainsKey(name)) is { } missing)
        {
            statement.Dispose();
            throw new LakeQueryException($"The query has a parameter ${missing}: set it with --param {missing}=VALUE.");
        }

        if (parameters.Keys.FirstOrDefault(name => !statement.Parameters.Contains(name)) is { } unknown)
        {
            statement.Dispose();
            throw new LakeQueryException($"The query has no parameter ${unknown}.");
        }

        foreach (var (name, value) in parameters)
        {
            statement.Bind(name, value);
        }

        return statement;
    }
}
