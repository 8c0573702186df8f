using CloudTicks.Lake.Native;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Files;

/// <summary>
/// The database that writes files of ticks. Opening one takes longer than writing a small file, so it serves many, one after the other.
/// So do the buffers, unless memory was short between two rounds.
/// </summary>
internal sealed class TickParquetDatabase : IDisposable
{
    private const int FirstRoom = 1 << 14;

    /// <summary>A buffer keeps the names of all symbols that it had.</summary>
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

    /// <summary>Returns the ticks of a buffer to the query that writes them.</summary>
    public TickBufferFunction Function { get; }

    /// <summary>Whether another one is to take its place, since a file failed or a part of it was written to disk.</summary>
    public bool IsUsedUp { get; set; }

    /// <summary>A connection for one file.</summary>
    public DuckDbConnection Connect() => _database.Connect();

    /// <summary>Begins a file: empty buffers for its ticks.</summary>
    public Buffers Rent()
    {
        lock (_closing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _openFiles++;
            var buffers = _spare.TryGetTarget(out var spare) ? spare : new Buffers(new TickBuffer(), new TickKeySet(FirstRoom));
            _spare.SetTarget(null);
            return buffers;
        }
    }

    /// <summary>Ends a file: takes its buffers back.</summary>
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

    /// <summary>Closes it, once the file that is open has ended.</summary>
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

    /// <summary>The ticks of a file and their keys.</summary>
    internal sealed record Buffers(TickBuffer Ticks, TickKeySet Keys);
}
