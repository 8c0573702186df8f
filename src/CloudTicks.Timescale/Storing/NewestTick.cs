using Npgsql;

namespace CloudTicks.Timescale.Storing;

/// <summary>The time of the newest tick in the table: a clock independent of the machine's.</summary>
internal sealed class NewestTick(NpgsqlDataSource database)
{
    private const long Unknown = long.MinValue;

    private long _timestampMs = Unknown;
    private volatile bool _isRead;

    /// <summary>The time of the newest tick, Unix ms, UTC; null before the first read, and while the table is empty.</summary>
    public long? TimestampMs => Volatile.Read(ref _timestampMs) is var newest && newest == Unknown ? null : newest;

    /// <summary>Reads the time from the table on the first call.</summary>
    public async Task EnsureReadAsync(CancellationToken cancellationToken)
    {
        if (_isRead)
        {
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        Raise(await NewestTickQuery.ReadAsync(connection, cancellationToken) ?? Unknown);
        _isRead = true;
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
