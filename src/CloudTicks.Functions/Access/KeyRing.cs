using System.Security.Cryptography;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Timescale;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults.Access;

namespace CloudTicks.Functions.Access;

/// <summary>
/// Caches the valid keys of the table. A request with a key reads the table again when the last read is more than a second old or did not
/// contain the key; one read runs at a time. A new key therefore works on every instance immediately, and a revoked key stops working
/// within a second. While the database is unavailable, known keys stay valid, because none can be revoked meanwhile.
/// </summary>
/// <param name="logger">Logs when reads start to fail and when they succeed again.</param>
public sealed class KeyRing(
    AccessKeyTable table, NpgsqlDataSource database, EnvironmentKeys environment, TimeProvider time, ILogger<KeyRing> logger)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly Lock _gate = new();
    private Dictionary<string, AccessKeyRow>? _keys;
    private long _readAt;
    private int _changes;
    private int _changesRead = -1;
    private bool _isUnavailable;
    private long _triedAt;
    private Task<bool> _reading = Task.FromResult(false);

    /// <summary>Finds the holder of a key.</summary>
    /// <returns>The holder, or null; and whether the key is unknown because the database is unavailable.</returns>
    internal async ValueTask<(Caller? Caller, bool IsUnknown)> FindAsync(string key, CancellationToken cancellationToken)
    {
        var hash = AccessKey.Hash(key);
        if (environment.Find(hash) is { } holder)
        {
            return (holder, false);
        }

        if (AccessKey.IdOf(key) is not { } id)
        {
            return (null, false);
        }

        var isKnown = await ReadAsync(id, cancellationToken);
        return isKnown ? (FindHolder(id, hash), false) : (null, true);
    }

    /// <summary>
    /// Returns whether this key forces a read although the last one is recent. Clients control the number of such reads, so the gate
    /// limits their rate.
    /// </summary>
    internal bool ForcesRead(string key)
    {
        if (AccessKey.IdOf(key) is not { } id || environment.Find(AccessKey.Hash(key)) is not null)
        {
            return false;
        }

        lock (_gate)
        {
            return IsFresh() && _keys?.ContainsKey(id) == false;
        }
    }

    /// <summary>Makes the next request read the table again.</summary>
    internal void Invalidate()
    {
        lock (_gate)
        {
            _changes++;
        }
    }

    private Caller? FindHolder(string id, byte[] hash)
    {
        AccessKeyRow? row = null;
        lock (_gate)
        {
            _keys?.TryGetValue(id, out row);
        }

        var isMatch = SecretText.AreEqual(hash, row is null ? NoHash : row.Hash.Span);
        return isMatch && row is not null ? new Caller(row.Name, RoleNames.Parse(row.Role) ?? AccessRole.Reader) : null;
    }

    /// <summary>Reads the table again if the cached state of a key is outdated.</summary>
    /// <returns>False for an unknown key while the database is unavailable.</returns>
    private async Task<bool> ReadAsync(string id, CancellationToken cancellationToken)
    {
        // A read that was already running may have begun before the key was created; then a second read finds the key.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Task<bool> reading;
            bool isMine;
            lock (_gate)
            {
                var isKnown = _keys?.ContainsKey(id) == true;
                if ((isKnown && IsFresh()) || (_isUnavailable && time.GetElapsedTime(_triedAt) < MaxAge))
                {
                    return isKnown;
                }

                isMine = _reading.IsCompleted;
                reading = isMine ? _reading = ReadTableAsync(_changes) : _reading;
                if (isKnown && _isUnavailable)
                {
                    // Known callers do not wait for an unavailable database.
                    return true;
                }
            }

            if (!await reading.WaitAsync(cancellationToken))
            {
                lock (_gate)
                {
                    return _keys?.ContainsKey(id) == true;
                }
            }

            if (isMine)
            {
                break;
            }
        }

        return true;
    }

    private bool IsFresh() => _changesRead == _changes && time.GetElapsedTime(_readAt) < MaxAge;

    /// <summary>Reads the table. Never throws; returns whether the read succeeded.</summary>
    private async Task<bool> ReadTableAsync(int changes)
    {
        // Yield, so that the read does not run under the lock that the caller holds.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var readStartedAt = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(MaxWait, time);
        try
        {
            var rows = await table.ReadValidAsync(timeout.Token);
            Replace(rows.ToDictionary(row => row.Id), readStartedAt, changes);
            return true;
        }
        catch (NpgsqlException problem)
        {
            LogProblem(DatabaseProblem.Of(problem, database.ConnectionString).Text);
            return false;
        }
        catch (OperationCanceledException)
        {
            LogProblem($"The database did not answer within {MaxWait.TotalSeconds:0} s.");
            return false;
        }
    }

    private void Replace(Dictionary<string, AccessKeyRow> keys, long readStartedAt, int changes)
    {
        bool wasUnavailable;
        lock (_gate)
        {
            (_keys, _readAt, _changesRead, wasUnavailable, _isUnavailable) = (keys, readStartedAt, changes, _isUnavailable, false);
        }

        if (wasUnavailable)
        {
            logger.KeyReadRecovered();
        }
    }

    private void LogProblem(string problem)
    {
        bool wasUnavailable;
        lock (_gate)
        {
            (wasUnavailable, _isUnavailable, _triedAt) = (_isUnavailable, true, time.GetTimestamp());
        }

        if (!wasUnavailable)
        {
            logger.KeyReadFailed(problem);
        }
    }
}
