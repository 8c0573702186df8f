using System.Security.Cryptography;
using CloudTicks.EventHub.Settings;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Security;

/// <summary>
/// The issuer's public keys. They are read again when a token has an unknown key, so that the issuer can rotate its keys at any time, and
/// when they are older than an hour, so that a withdrawn key is dropped.
/// </summary>
internal sealed class TokenKeys(KeySource source, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Minimum time between reads: limits the requests that forged tokens cause.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>Maximum age at which keys are trusted while they cannot be read again.</summary>
    private static readonly TimeSpan MaxOutage = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _readGate = new(1, 1);
    private readonly OutageLog _outage = new(time);
    private volatile KeySet? _keys;
    private long? _lastReadAt;

    /// <summary>Reads the keys for the first time. A failed read from an address is retried with the next token.</summary>
    /// <exception cref="HubStartException">The keys are in a file that cannot be read, or that has no usable key.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var problem = await TryReadAsync(cancellationToken);
        if (problem is not null && source.IsFile)
        {
            throw new HubStartException($"The token issuer's keys cannot be read from {source}: {problem}");
        }
    }

    /// <summary>Returns the key that signed a token, or the reason why no key was found.</summary>
    /// <param name="id">The key's id in the token; null matches the issuer's only key.</param>
    public async ValueTask<(RSAParameters? Key, string Problem)> FindAsync(string? id, CancellationToken cancellationToken)
    {
        if (_keys is { } known && time.GetElapsedTime(known.ReadAt) < MaxAge && known.Find(id) is { } key)
        {
            return (key, "");
        }

        await _readGate.WaitAsync(cancellationToken);
        try
        {
            if (_lastReadAt is not { } lastReadAt || time.GetElapsedTime(lastReadAt) >= MinInterval)
            {
                await TryReadAsync(cancellationToken);
            }
        }
        finally
        {
            _readGate.Release();
        }

        return _keys is not { } keys || time.GetElapsedTime(keys.ReadAt) >= MaxOutage ? (null, "the issuer's keys could not be read")
            : keys.Find(id) is { } found ? (found, "")
            : (null, "it is signed by a key that the issuer does not publish");
    }

    public void Dispose()
    {
        source.Dispose();
        _readGate.Dispose();
    }

    /// <returns>Why the keys could not be read; null on success.</returns>
    private async Task<string?> TryReadAsync(CancellationToken cancellationToken)
    {
        _lastReadAt = time.GetTimestamp();
        string problem;
        try
        {
            if (KeySet.TryParse(await source.ReadAsync(cancellationToken), time.GetTimestamp()) is { } keys)
            {
                _keys = keys;
                if (_outage.End(out _))
                {
                    logger.TokenKeysRestored($"{source}");
                }

                return null;
            }

            problem = "it is not a JSON Web Key Set with an RSA signature key of 2048 to 8192 bits";
        }
        catch (IOException e)
        {
            problem = e.Message;
        }

        if (_outage.Failed(out _) != OutageNotice.None)
        {
            logger.TokenKeysFailed($"{source}", problem);
        }

        return problem;
    }
}
