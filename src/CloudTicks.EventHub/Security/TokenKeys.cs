using System.Security.Cryptography;
using CloudTicks.EventHub.Settings;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Security;

/// <summary>
/// The issuer's public keys. They are read again when a token names one that is not known, so that an issuer may change its keys at any
/// time, and now and then, so that a key that it withdrew is forgotten.
/// </summary>
internal sealed class TokenKeys(KeySource source, TimeProvider time, ILogger logger) : IDisposable
{
    /// <summary>Tokens with made-up keys cost the issuer one request in this time.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>Keys that could not be read again for so long are not trusted any more.</summary>
    private static readonly TimeSpan MaxOutage = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly OutageLog _outage = new(time);
    private volatile KeySet? _keys;
    private long? _triedAt;

    /// <summary>Reads the keys for the first time. An issuer that is away is tried again with the next token.</summary>
    /// <exception cref="HubStartException">They are in a file that does not hold any.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var problem = await TryReadAsync(cancellationToken);
        if (problem is not null && source.IsFile)
        {
            throw new HubStartException($"The keys of the issuer of tokens cannot be read from {source}: {problem}");
        }
    }

    /// <summary>The key that signed a token, or why there is none.</summary>
    /// <param name="id">The key's name in the token; null names the only one that the issuer has.</param>
    public async ValueTask<(RSAParameters? Key, string Problem)> FindAsync(string? id, CancellationToken cancellationToken)
    {
        if (_keys is { } known && time.GetElapsedTime(known.ReadAt) < MaxAge && known.Find(id) is { } key)
        {
            return (key, "");
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_triedAt is not { } triedAt || time.GetElapsedTime(triedAt) >= MinInterval)
            {
                await TryReadAsync(cancellationToken);
            }
        }
        finally
        {
            _reading.Release();
        }

        return _keys is not { } keys || time.GetElapsedTime(keys.ReadAt) >= MaxOutage ? (null, "the issuer's keys could not be read")
            : keys.Find(id) is { } found ? (found, "")
            : (null, "it is signed by a key that the issuer does not show");
    }

    public void Dispose()
    {
        source.Dispose();
        _reading.Dispose();
    }

    /// <returns>Why they could not be read, or null.</returns>
    private async Task<string?> TryReadAsync(CancellationToken cancellationToken)
    {
        _triedAt = time.GetTimestamp();
        string problem;
        try
        {
            if (KeySet.TryParse(await source.ReadAsync(cancellationToken), time.GetTimestamp()) is { } keys)
            {
                _keys = keys;
                if (_outage.End(out _))
                {
                    logger.TokenKeysBack($"{source}");
                }

                return null;
            }

            problem = "it holds no RSA key of 2048 to 8192 bits for signatures, as a JSON Web Key Set";
        }
        catch (IOException e)
        {
            problem = e.Message;
        }

        if (_outage.Failed(out _) != OutageNotice.None)
        {
            logger.NoTokenKeys($"{source}", problem);
        }

        return problem;
    }
}
