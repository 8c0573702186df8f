using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Access;

/// <summary>
/// Looks up keys at the central hub, for services without a table of keys. A response is cached for ten seconds, so a revoked key works at
/// most that long. While the hub is unavailable, keys confirmed within the last five minutes stay valid. A hub that responds 429 is not
/// unavailable: a flood of wrong keys must not keep a revoked key valid.
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
    private volatile AnyKey? _anyKey;

    /// <summary>Creates the client. Sends no request.</summary>
    /// <exception cref="FormatException">The endpoint would send keys unencrypted.</exception>
    public HubKeys(Uri hub, TimeProvider time)
    {
        ServiceKey.RequireSafe(hub, "CentralHub__Endpoint");
        _time = time;
        _http = ServiceClients.Create(hub, "CentralHub__Endpoint", key: null, connectTimeout: RequestTimeout);
        _http.MaxResponseContentBufferSize = MaxResponseBytes;
    }

    /// <summary>Looks up the holder of a key.</summary>
    /// <returns>The holder, or why it is unknown.</returns>
    public async Task<KeyLookup> FindAsync(string key, CancellationToken cancellationToken)
    {
        // Cache the hash only, so that no memory dump contains the key.
        var hash = Convert.ToBase64String(AccessKey.Hash(key));
        if (Cached(hash, CacheTime) is { } cached)
        {
            return KeyLookup.Of(cached);
        }

        await _requestSlots.WaitAsync(cancellationToken);
        try
        {
            return Cached(hash, CacheTime) is { } meanwhile ? KeyLookup.Of(meanwhile)
                : Apply(hash, await RequestAsync(key, cancellationToken));
        }
        finally
        {
            _requestSlots.Release();
        }
    }

    /// <summary>Returns whether the hub has any valid key, or requires one itself. The hub is queried at most every ten seconds.</summary>
    /// <returns>Null before the first response. While the hub is unavailable, its last response is returned.</returns>
    public async Task<bool?> HasKeysAsync(CancellationToken cancellationToken)
    {
        if (_anyKey is { } cached && _time.GetElapsedTime(cached.At) < CacheTime)
        {
            return cached.Exists;
        }

        await _requestSlots.WaitAsync(cancellationToken);
        try
        {
            if (_anyKey is not { } known || _time.GetElapsedTime(known.At) >= CacheTime)
            {
                _anyKey = known = new AnyKey(await RequestAnyAsync(cancellationToken) ?? _anyKey?.Exists, _time.GetTimestamp());
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
            case KeyStatus.HubUnavailable when Cached(hash, OutageCacheTime) is { } known:
                return KeyLookup.Of(known);
        }

        return finding;
    }

    private Caller? Cached(string hash, TimeSpan within) =>
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/keys/self", UriKind.Relative));
        if (!request.Headers.TryAddWithoutValidation(ServiceKey.Header, key))
        {
            return KeyLookup.Invalid;
        }

        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => Read(await response.Content.ReadAsByteArrayAsync(either.Token)) is { } caller ? KeyLookup.Of(caller)
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

    private async Task<bool?> RequestAnyAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/keys", UriKind.Relative));
        if (ServiceKey.OfEnvironment() is { } own)
        {
            request.Headers.TryAddWithoutValidation(ServiceKey.Header, own);
        }

        try
        {
            // Do not buffer the list: it may exceed the limit for other responses.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => HasAny(await JsonDocument.ParseAsync(
                    await response.Content.ReadAsStreamAsync(either.Token), cancellationToken: either.Token)),
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

    private static bool? HasAny(JsonDocument keys)
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

    private sealed record AnyKey(bool? Exists, long At);
}
