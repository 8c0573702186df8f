using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>The time of the newest tick in the table: a clock that no setting of the machine's clock moves.</summary>
internal sealed class NewestTick(NpgsqlDataSource database)
{
    private const long Unknown = long.MinValue;

    private long _timestampMs = Unknown;
    private volatile bool _read;

    /// <summary>Unix ms, UTC; null while the table is empty.</summary>
    public long? TimestampMs => Volatile.Read(ref _timestampMs) is var newest && newest == Unknown ? null : newest;

    /// <summary>Asks the table, the first time.</summary>
    public async Task EnsureReadAsync(CancellationToken cancellationToken)
    {
        if (_read)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        Raise(await NewestTickQuery.ReadAsync(connection, cancellationToken) ?? Unknown);
        _read = true;
    }

    public void Raise(long timestampMs)
    {
        var known = Volatile.Read(ref _timestampMs);
        while (timestampMs > known)
        {
            var found = Interlocked.CompareExchange(ref _timestampMs, timestampMs, known);
            if (found == known)
            {
                return;
            }

            known = found;
        }
    }
}
