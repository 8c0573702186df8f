using System.Security.Cryptography;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Store.Access;
using CloudTicks.Timescale;
using Microsoft.Extensions.Logging;
using Npgsql;
using ServiceDefaults.Access;

namespace CloudTicks.Functions.Access;

/// <summary>
/// The keys that can be used, as the table has them. They are read at most once at a time, when somebody shows a key and they were read
/// more than a second ago or do not have it: so a new key works at once everywhere, and a revoked one for a second at most. While the
/// database is away those that were known go on, because none can be revoked meanwhile.
/// </summary>
/// <param name="logger">Told when the table cannot be read, and when it can again.</param>
public sealed class KeyRing(
    AccessKeyTable table, NpgsqlDataSource database, EnvironmentKeys environment, TimeProvider time, ILogger<KeyRing> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly Lock _gate = new();
    private Dictionary<string, AccessKeyRow>? _keys;
    private long _readAt;
    private int _changes;
    private int _changesRead = -1;
    private bool _isAway;
    private long _triedAt;
    private Task<bool> _reading = Task.FromResult(false);

    /// <summary>Whose key it is.</summary>
    /// <returns>Who holds it, null when nobody does; and whether that cannot be known, because the database is away.</returns>
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
        return isKnown ? (Holder(id, hash), false) : (null, true);
    }

    /// <summary>Whether this key forces another read within a second; callers decide how many, so they are counted.</summary>
    internal bool IsStrange(string key)
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

    /// <summary>The next key that is shown is looked for in the table as it is then.</summary>
    internal void Forget()
    {
        lock (_gate)
        {
            _changes++;
        }
    }

    private Caller? Holder(string id, byte[] hash)
    {
        AccessKeyRow? row = null;
        lock (_gate)
        {
            _keys?.TryGetValue(id, out row);
        }

        var isRight = SecretText.AreEqual(hash, row is null ? NoHash : row.Hash.Span);
        return isRight && row is not null ? new Caller(row.Name, RoleNames.Parse(row.Role) ?? AccessRole.Reader) : null;
    }

    /// <summary>Sees to it that what is known of a key is new enough.</summary>
    /// <returns>False when nothing is known of it, and the database is away.</returns>
    private async Task<bool> ReadAsync(string id, CancellationToken cancellationToken)
    {
        // The first of two may have begun before the key was made; a second one has not.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            Task<bool> reading;
            bool isMine;
            lock (_gate)
            {
                var isKnown = _keys?.ContainsKey(id) == true;
                if ((isKnown && IsFresh()) || (_isAway && time.GetElapsedTime(_triedAt) < Fresh))
                {
                    return isKnown;
                }

                isMine = _reading.IsCompleted;
                reading = isMine ? _reading = ReadTableAsync(_changes) : _reading;
                if (isKnown && _isAway)
                {
                    // Whoever was known does not wait for a database that is away.
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

    private bool IsFresh() => _changesRead == _changes && time.GetElapsedTime(_readAt) < Fresh;

    /// <summary>Never fails: what it has to tell is whether it could.</summary>
    private async Task<bool> ReadTableAsync(int changes)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // the caller holds the lock
        var began = time.GetTimestamp();
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            var rows = await table.ReadUsableAsync(patience.Token);
            Take(rows.ToDictionary(row => row.Id), began, changes);
            return true;
        }
        catch (NpgsqlException problem)
        {
            Say(DatabaseProblem.Of(problem, database.ConnectionString).Text);
            return false;
        }
        catch (OperationCanceledException)
        {
            Say($"The database did not answer within {Patience.TotalSeconds:0} s.");
            return false;
        }
    }

    private void Take(Dictionary<string, AccessKeyRow> keys, long began, int changes)
    {
        bool wasAway;
        lock (_gate)
        {
            (_keys, _readAt, _changesRead, wasAway, _isAway) = (keys, began, changes, _isAway, false);
        }

        if (wasAway)
        {
            logger.KeysReadAgain();
        }
    }

    private void Say(string problem)
    {
        bool wasAway;
        lock (_gate)
        {
            (wasAway, _isAway, _triedAt) = (_isAway, true, time.GetTimestamp());
        }

        if (!wasAway)
        {
            logger.KeysNotRead(problem);
        }
    }
}
