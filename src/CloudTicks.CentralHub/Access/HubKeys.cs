using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Access;

/// <summary>
/// Whose a key is, for services that have no table of keys: they ask the central hub, and remember its answer for ten seconds, for as long
/// a revoked key works there at most. While the hub is away, whoever it has known within five minutes goes on. A hub that answers 429 is
/// not away: somebody floods it with wrong keys, and if that kept old answers good, it would keep a revoked key good.
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
    private volatile AnyKey? _any;

    /// <summary>Makes it; nothing is asked yet.</summary>
    /// <exception cref="FormatException">Keys would travel there in clear.</exception>
    public HubKeys(Uri hub, TimeProvider time)
    {
        ServiceKey.RequireSafe(hub, "CentralHub__Endpoint");
        _time = time;
        _http = ServiceClients.Create(hub, "CentralHub__Endpoint", key: null, connectTimeout: Patience);
        _http.MaxResponseContentBufferSize = MostAnswerBytes;
    }

    /// <summary>Whose key it is.</summary>
    /// <returns>Who holds it, or why that is not known.</returns>
    public async Task<KeyFinding> FindAsync(string key, CancellationToken cancellationToken)
    {
        // Not the key itself: it would stand in every dump of this process.
        var hash = Convert.ToBase64String(AccessKey.Hash(key));
        if (Remembered(hash, Fresh) is { } fresh)
        {
            return KeyFinding.Of(fresh);
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            return Remembered(hash, Fresh) is { } meanwhile ? KeyFinding.Of(meanwhile)
                : Judge(hash, await AskAsync(key, cancellationToken));
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Whether the hub has any key that can be used, or demands one itself; asked every ten seconds at most.</summary>
    /// <returns>Null when it was never known. While the hub is away its last answer holds: keys do not become void by that.</returns>
    public async Task<bool?> HasKeysAsync(CancellationToken cancellationToken)
    {
        if (_any is { } fresh && _time.GetElapsedTime(fresh.At) < Fresh)
        {
            return fresh.Exists;
        }

        await _places.WaitAsync(cancellationToken);
        try
        {
            if (_any is not { } known || _time.GetElapsedTime(known.At) >= Fresh)
            {
                _any = known = new AnyKey(await AskForAnyAsync(cancellationToken) ?? _any?.Exists, _time.GetTimestamp());
            }

            return known.Exists;
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

    private KeyFinding Judge(string hash, KeyFinding finding)
    {
        switch (finding.Status)
        {
            case KeyStatus.Held:
                Remember(hash, finding.Caller!);
                break;
            case KeyStatus.Wrong:
                _known.TryRemove(hash, out _);
                break;
            case KeyStatus.HubAway when Remembered(hash, Outage) is { } known:
                return KeyFinding.Of(known);
        }

        return finding;
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

    private async Task<KeyFinding> AskAsync(string key, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/keys/self", UriKind.Relative));
        if (!request.Headers.TryAddWithoutValidation(ServiceKey.Header, key))
        {
            return KeyFinding.Wrong;
        }

        try
        {
            using var answer = await _http.SendAsync(request, either.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => Read(await answer.Content.ReadAsByteArrayAsync(either.Token)) is { } caller ? KeyFinding.Of(caller)
                    : KeyFinding.HubAway,
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => KeyFinding.Wrong,
                HttpStatusCode.TooManyRequests => KeyFinding.HubBusy,
                _ => KeyFinding.HubAway,
            };
        }
        catch (HttpRequestException)
        {
            return KeyFinding.HubAway;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return KeyFinding.HubAway;
        }
    }

    private async Task<bool?> AskForAnyAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("api/v1/keys", UriKind.Relative));
        if (ServiceKey.OfEnvironment() is { } own)
        {
            request.Headers.TryAddWithoutValidation(ServiceKey.Header, own);
        }

        try
        {
            // Not buffered: the list may be longer than other answers.
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => HasAny(await JsonDocument.ParseAsync(
                    await answer.Content.ReadAsStreamAsync(either.Token), cancellationToken: either.Token)),
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

    /// <summary>Who it is; null when what answers is no hub.</summary>
    private static Caller? Read(byte[] json)
    {
        try
        {
            using var answer = JsonDocument.Parse(json);
            var root = answer.RootElement;
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
