using System.Globalization;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Files;

/// <summary>
/// Writes a Parquet file of ticks of one kind and market, without repeats, sorted by symbol, time and archive offset. Ticks are buffered in
/// memory or, if there are many, in a DuckDB table, which spills to disk above its memory limit.
/// </summary>
internal sealed class TickParquetWriter : ITickFile
{
    private const string TableName = "ticks";

    private readonly string _path;
    private readonly Dictionary<string, string> _metadata;
    private readonly TickParquetDatabase _database;
    private readonly bool _ownsDatabase;
    private readonly DuckDbConnection _connection;
    private readonly TickParquetDatabase.Buffers _buffers;
    private readonly TickBuffer _buffer;
    private readonly TickKeySet _keys;
    private DuckDbAppender? _overflow;
    private bool _isDisposed;
    private (TickKind Kind, Market Market)? _series;
    private TickFileFigures _figures = new(0, long.MaxValue, long.MinValue, 0);

    /// <summary>Starts a file and opens a separate database to write it.</summary>
    /// <param name="path">The path; an existing file is replaced.</param>
    /// <param name="settings">The limits of DuckDB.</param>
    /// <param name="metadata">Key-value metadata, in addition to that of <see cref="TickSchema"/>.</param>
    public TickParquetWriter(string path, DuckDbSettings settings, IReadOnlyDictionary<string, string> metadata)
        : this(path, new TickParquetDatabase(settings), metadata) => _ownsDatabase = true;

    /// <summary>Starts a file.</summary>
    /// <param name="path">The path; an existing file is replaced.</param>
    /// <param name="database">The database that writes the file; it writes one file at a time.</param>
    /// <param name="metadata">Key-value metadata, in addition to that of <see cref="TickSchema"/>.</param>
    public TickParquetWriter(string path, TickParquetDatabase database, IReadOnlyDictionary<string, string> metadata)
    {
        _path = path;
        _metadata = new Dictionary<string, string>(metadata);
        _database = database;
        _buffers = database.Rent();
        (_buffer, _keys) = (_buffers.Ticks, _buffers.Keys);
        try
        {
            _connection = database.Connect();
        }
        catch
        {
            database.Return(_buffers);
            throw;
        }
    }

    /// <summary>
    /// The maximum number of buffered ticks. The default is more than the ticks of a round; a full buffer uses 40 to 100 MB.
    /// </summary>
    public int MaxBuffered { get; init; } = 600_000;

    /// <summary>Adds a tick, unless the file already has it.</summary>
    /// <exception cref="InvalidOperationException">The tick differs from the first one in kind or market.</exception>
    public void Add(scoped in Tick tick, TickSource source, int partition, long offset)
    {
        var series = (tick.Kind, tick.Symbol.Market);
        if ((_series ??= series) != series)
        {
            throw new InvalidOperationException($"{_path} holds ticks of {_series}, not of {series}.");
        }

        var identity = TickIdentity.Of(tick);
        if (!_keys.Add(new TickKey(tick.TimestampMs, identity)))
        {
            return;
        }

        if (_buffer.Count == MaxBuffered)
        {
            Overflow();
        }

        _buffer.Add(tick, source, partition, offset);
        _figures = new TickFileFigures(
            _figures.Rows + 1, Math.Min(_figures.FirstMs, tick.TimestampMs), Math.Max(_figures.LastMs, tick.TimestampMs),
            unchecked(_figures.IdentitySum + identity));
    }

    /// <summary>Writes the file, but does not flush it.</summary>
    /// <exception cref="InvalidOperationException">No tick was added.</exception>
    /// <exception cref="DuckDbException">The memory or temporary folder is too small, or the disk is full.</exception>
    public TickFileFigures Complete(CancellationToken cancellationToken)
    {
        if (_series is not { } series)
        {
            throw new InvalidOperationException($"{_path} has no ticks.");
        }

        foreach (var (key, value) in TickSchema.Metadata(series.Kind, series.Market))
        {
            _metadata[key] = value;
        }

        _database.MustBeReplaced = true; // reset if writing succeeds
        var rows = ParquetCopy.Run(_connection, Rows(), _path, ParquetCopy.QuickLevel, _metadata, cancellationToken);
        _database.MustBeReplaced = _overflow is not null;
        return rows == _figures.Rows
            ? _figures
            : throw new DuckDbException(string.Create(CultureInfo.InvariantCulture, $"DuckDB wrote {rows} of {_figures.Rows} ticks."));
    }

    /// <summary>Frees the memory. Without <see cref="Complete"/> the file is missing or unfinished.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _overflow?.Dispose();
        _connection.Dispose();
        _database.Return(_buffers);
        if (_ownsDatabase)
        {
            _database.Dispose();
        }
    }

    /// <summary>A query that returns the rows in file order.</summary>
    private string Rows()
    {
        if (_overflow is null)
        {
            _database.Function.Open(_buffer);
            return $"FROM {TickBufferFunction.Name}()";
        }

        Overflow();
        _overflow.Close();
        return $"SELECT {TickSchema.Names} FROM {TableName} ORDER BY symbol, timestamp_ms, archive_offset, rowid";
    }

    private void Overflow()
    {
        if (_overflow is null)
        {
            _database.MustBeReplaced = true;
            _connection.Execute($"CREATE TEMP TABLE {TableName} ({TickSchema.Definition})");
            _overflow = _connection.Append(TableName);
        }

        _buffer.AppendTo(_overflow);
    }
}
