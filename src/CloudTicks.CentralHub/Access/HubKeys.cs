using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Access;

/// <summary>
/// Looks up keys at the central hub, for services without a table of keys. A valid key is cached for ten seconds, so it still works for up
/// to ten seconds after it is revoked. While the hub is unavailable, keys confirmed within the last five minutes stay valid. A response of
/// 429 does not count as unavailable: otherwise a flood of wrong keys could keep a revoked key valid.
/// </summary>
public sealed class HubKeys : IDisposable
{
    private const int MaxCachedKeys = 256;
    private const int MaxResponseBytes = 4_096;

    private static readonly TimeSpan CacheTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OutageCacheTime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _requestSlots = new(4);
    private readonly ConcurrentDictionary<string, (Caller Caller, long At)> _confirmed = new();
    private volatile KeyPresence? _hasKeys;

    /// <summary>Creates the client. Sends no request.</summary>
    /// <exception cref="FormatException">Keys would be sent to the endpoint unencrypted.</exception>
    public HubKeys(Uri hub, TimeProvider time)
    {
        ServiceKey.RequireSafe(hub, "CentralHub__Endpoint");
        _time = time;
        _http = ServiceClients.Create(hub, "CentralHub__Endpoint", key: null, connectTimeout: RequestTimeout);
        _http.MaxResponseContentBufferSize = MaxResponseBytes;
    }

    /// <summary>Looks up the holder of a key.</summary>
    /// <returns>The holder, or why the lookup failed.</returns>
    public async Task<KeyLookup> FindAsync(string key, CancellationToken cancellationToken)
    {
        // Cache only the hash, so that the key does not stay in memory.
        var hash = Convert.ToBase64String(AccessKey.Hash(key));
        if (FindCached(hash, CacheTime) is { } cached)
        {
            return KeyLookup.Of(cached);
        }

        await _requestSlots.WaitAsync(cancellationToken);
        try
        {
            return FindCached(hash, CacheTime) is { } meanwhile ? KeyLookup.Of(meanwhile)
                : Apply(hash, await RequestAsync(key, cancellationToken));
        }
        finally
        {
            _requestSlots.Release();
        }
    }

    /// <summary>Returns whether the hub has a valid key or requires keys. Queries the hub at most every ten seconds.</summary>
    /// <returns>Null before the first response. While the hub is unavailable, the last result.</returns>
    public async Task<bool?> HasKeysAsync(CancellationToken cancellationToken)
    {
        if (_hasKeys is { } cached && _time.GetElapsedTime(cached.At) < CacheTime)
        {
            return cached.Exists;
        }

        await _requestSlots.WaitAsync(cancellationToken);
        try
        {
            if (_hasKeys is not { } known || _time.GetElapsedTime(known.At) >= CacheTime)
            {
                _hasKeys = known = new KeyPresence(await RequestHasKeysAsync(cancellationToken) ?? _hasKeys?.Exists, _time.GetTimestamp());
            }

            return known.Exists;
        }
        finally
        {
            _requestSlots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _requestSlots.Dispose();
    }

    private KeyLookup Apply(string hash, KeyLookup finding)
    {
        switch (finding.Status)
        {
            case KeyStatus.Valid:
                AddToCache(hash, finding.Caller!);
                break;
            case KeyStatus.Invalid:
                _confirmed.TryRemove(hash, out _);
                break;
            case KeyStatus.HubUnavailable when FindCached(hash, OutageCacheTime) is { } known:
                return KeyLookup.Of(known);
        }

        return finding;
    }

    private Caller? FindCached(string hash, TimeSpan within) =>
        _confirmed.TryGetValue(hash, out var known) && _time.GetElapsedTime(known.At) < within ? known.Caller : null;

    /// <summary>Caches a valid key. Clears the cache at the limit.</summary>
    private void AddToCache(string hash, Caller caller)
    {
        if (_confirmed.Count >= MaxCachedKeys)
        {
            _confirmed.Clear();
        }

        _confirmed[hash] = (caller, _time.GetTimestamp());
    }

    private async Task<KeyLookup> RequestAsync(string key, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/keys/self", UriKind.Relative));
        if (!request.Headers.TryAddWithoutValidation(ServiceKey.Header, key))
        {
            return KeyLookup.Invalid;
        }

        try
        {
            using var response = await _http.SendAsync(request, linked.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => Read(await response.Content.ReadAsByteArrayAsync(linked.Token)) is { } caller ? KeyLookup.Of(caller)
                    : KeyLookup.HubUnavailable,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => KeyLookup.Invalid,
                HttpStatusCode.TooManyRequests => KeyLookup.HubBusy,
                _ => KeyLookup.HubUnavailable,
            };
        }
        catch (HttpRequestException)
        {
            return KeyLookup.HubUnavailable;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return KeyLookup.HubUnavailable;
        }
    }

    private async Task<bool?> RequestHasKeysAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/keys", UriKind.Relative));
        if (ServiceKey.OfEnvironment() is { } own)
        {
            request.Headers.TryAddWithoutValidation(ServiceKey.Header, own);
        }

        try
        {
            // Do not buffer the list: it may exceed the limit for other responses.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => HasValidKey(await JsonDocument.ParseAsync(
                    await response.Content.ReadAsStreamAsync(linked.Token), cancellationToken: linked.Token)),
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => true,
                _ => null,
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static bool? HasValidKey(JsonDocument keys)
    {
        using (keys)
        {
            return keys.RootElement.ValueKind == JsonValueKind.Array
                ? keys.RootElement.EnumerateArray().Any(
                    key => key.ValueKind == JsonValueKind.Object
                        && !(key.TryGetProperty("revoked_ms", out var revoked) && revoked.ValueKind == JsonValueKind.Number))
                : null;
        }
    }

    /// <summary>Reads the holder; null when the response is not from a hub.</summary>
    private static Caller? Read(byte[] json)
    {
        try
        {
            using var response = JsonDocument.Parse(json);
            var root = response.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("name", out var name)
                && name.ValueKind == JsonValueKind.String
                && root.TryGetProperty("role", out var role) && role.ValueKind == JsonValueKind.String
                && RoleNames.Parse(role.GetString()) is { } may
                ? new Caller(name.GetString()!, may)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record KeyPresence(bool? Exists, long At);
}
