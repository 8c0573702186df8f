using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Sql;

/// <summary>Ticks of one kind and market that are newer than the lake, each once, in a table with the columns of a file.</summary>
internal sealed class RecentTicksTable : IDisposable
{
    private const int InitialCapacity = 1 << 12;
    private const int MaxBuffered = 1 << 14;

    private readonly DuckDbAppender _appender;
    private readonly TickBuffer _buffer = new();
    private readonly TickKeySet _keys = new(InitialCapacity);
    private bool _disposed;

    public RecentTicksTable(DuckDbConnection connection, string name)
    {
        connection.Execute($"CREATE TABLE {name} ({TickSchema.Definition})");
        _appender = connection.Append(name);
    }

    public void Add(scoped in Tick tick, TickSource source, int partition, long offset)
    {
        if (!_keys.Add(new TickKey(tick.TimestampMs, TickIdentity.Of(tick))))
        {
            return;
        }

        if (_buffer.Count == MaxBuffered)
        {
            _buffer.AppendTo(_appender);
        }

        _buffer.Add(tick, source, partition, offset);
    }

    /// <summary>Writes the remaining ticks.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _buffer.AppendTo(_appender);
        _appender.Close();
        _appender.Dispose();
    }
}
