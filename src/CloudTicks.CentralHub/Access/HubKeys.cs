using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ServiceDefaults.Access;

namespace CloudTicks.CentralHub.Access;

/// <summary>
/// Whose a key is, for services that have no table of keys: they ask the central hub, and remember its answer for ten seconds, for as long a revoked key works
/// there at most. While the hub is away, whoever it has known within five minutes goes on.
/// </summary>
public sealed class HubKeys : IDisposable
{
    private const int MostRemembered = 256;
    private const int MostAnswerBytes = 4_096;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _places = new(4);
    private readonly ConcurrentDictionary<string, (Caller Caller, long At)> _known = new();

    /// <summary>Makes it; nothing is asked yet.</summary>
    /// <param name="hub">The hub's address.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FormatException">Keys would travel there in clear.</exception>
    public HubKeys(Uri hub, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(hub);
        if (!AccessKey.MayTravelTo(hub))
        {
            throw new FormatException($"CentralHub__Endpoint is {hub.GetLeftPart(UriPartial.Authority)}, where keys would travel in clear: use https, or a hub on this machine.");
        }

        _time = time;
        // A redirect would take the key to whoever is named there.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !LocalRule.IsLoopbackName(hub.Host),
            ConnectTimeout = Patience,
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        })
        {
            BaseAddress = new Uri(hub.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MostAnswerBytes,
        };
    }

    /// <summary>Whose key it is.</summary>
    /// <param name="key">What somebody says is a key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Who holds it, null when nobody does; and whether that cannot be known, because the hub does not tell.</returns>
    public async Task<(Caller? Caller, bool IsUnknown)> FindAsync(string key, CancellationToken cancellationToken)
    {
        // Not the key itself: it would stand in every dump of this process.
        var hash = Convert.ToBase64String(AccessKey.Hash(key));
        if (Remembered(hash, Fresh) is { } fresh)
        {
            return (fresh, false);
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            if (Remembered(hash, Fresh) is { } meanwhile)
            {
                return (meanwhile, false);
            }

            var (caller, isUnknown) = await AskAsync(key, cancellationToken);
            if (caller is not null)
            {
                Remember(hash, caller);
            }
            else if (isUnknown && Remembered(hash, Outage) is { } known)
            {
                return (known, false);
            }
            else if (!isUnknown)
            {
                _known.TryRemove(hash, out _);
            }

            return (caller, isUnknown);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _places.Dispose();
    }

    private Caller? Remembered(string hash, TimeSpan within) =>
        _known.TryGetValue(hash, out var known) && _time.GetElapsedTime(known.At) < within ? known.Caller : null;

    /// <summary>Only keys that there are come in here; still nothing grows without a bound.</summary>
    private void Remember(string hash, Caller caller)
    {
        if (_known.Count >= MostRemembered)
        {
            _known.Clear();
        }

        _known[hash] = (caller, _time.GetTimestamp());
    }

    private async Task<(Caller? Caller, bool IsUnknown)> AskAsync(string key, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/keys/self", UriKind.Relative));
        if (!request.Headers.TryAddWithoutValidation(AccessKey.Header, key))
        {
            return (null, false);
        }

        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => Read(await answer.Content.ReadAsByteArrayAsync(either.Token)) is { } caller ? (caller, false) : (null, true),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => (null, false),
                _ => (null, true),
            };
        }
        catch (HttpRequestException)
        {
            return (null, true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, true);
        }
    }

    /// <summary>Who it is; null when what answers is no hub.</summary>
    private static Caller? Read(byte[] json)
    {
        try
        {
            using var answer = JsonDocument.Parse(json);
            var root = answer.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
                && root.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String && RoleNames.Parse(role.GetString()) is { } may
                ? new Caller(name.GetString()!, may)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
