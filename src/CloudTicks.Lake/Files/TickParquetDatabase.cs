using CloudTicks.Lake.Native;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Files;

/// <summary>
/// The DuckDB database that writes files of ticks. Opening a database takes longer than writing a small file, so one database writes many
/// files, one after the other. The buffers are also reused, unless they held too many symbols or the garbage collector has freed them.
/// </summary>
internal sealed class TickParquetDatabase : IDisposable
{
    private const int InitialCapacity = 1 << 14;

    /// <summary>
    /// The maximum number of symbols of a reused buffer, because a buffer keeps the names of all symbols that it has held.
    /// </summary>
    private const int MaxSymbols = 10_000;

    private readonly DuckDbDatabase _database;
    private readonly DuckDbConnection _connection;
    private readonly WeakReference<Buffers?> _spare = new(null);
    private readonly Lock _closing = new();
    private int _openFiles;
    private bool _isDisposed;

    public TickParquetDatabase(DuckDbSettings settings)
    {
        _database = DuckDbDatabase.Open(settings);
        try
        {
            _connection = _database.Connect();
            Function = new TickBufferFunction(_connection);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The table function that returns the ticks of a buffer to the query that writes them.</summary>
    public TickBufferFunction Function { get; }

    /// <summary>Whether the database must be replaced by a new one, because writing a file failed or exceeded the buffer.</summary>
    public bool MustBeReplaced { get; set; }

    /// <summary>Opens a connection for one file.</summary>
    public DuckDbConnection Connect() => _database.Connect();

    /// <summary>Returns empty buffers for the ticks of a new file.</summary>
    public Buffers Rent()
    {
        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _openFiles++;
            var buffers = _spare.TryGetTarget(out var spare) ? spare : new Buffers(new TickBuffer(), new TickKeySet(InitialCapacity));
            _spare.SetTarget(null);
            return buffers;
        }
    }

    /// <summary>Takes back the buffers of a file that has been written or abandoned.</summary>
    public void Return(Buffers buffers)
    {
        Function.Close();
        buffers.Ticks.Clear();
        buffers.Keys.Clear();
        lock (_closing)
        {
            _spare.SetTarget(buffers.Ticks.SymbolCount <= MaxSymbols ? buffers : null);
            if (--_openFiles == 0 && _isDisposed)
            {
                Close();
            }
        }
    }

    /// <summary>Closes the database. If a file is open, the database is closed when the file's buffers are returned.</summary>
    public void Dispose()
    {
        lock (_closing)
        {
            if (!_isDisposed && _openFiles == 0)
            {
                Close();
            }

            _isDisposed = true;
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _database.Dispose();
        Function?.Dispose();
    }

    /// <summary>The buffers of a file: its ticks, and their keys.</summary>
    internal sealed record Buffers(TickBuffer Ticks, TickKeySet Keys);
}
