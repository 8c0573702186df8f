using CloudTicks.CentralHub.Access;
using ServiceDefaults.Access;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// Checks the keys that clients send in place of Polygon's. Local callers may send any text until the central hub has a key, or while the
/// hub is unavailable; all others need at least a reader's key of the hub.
/// </summary>
internal sealed class ClientKeys(KeylessCallers callers, HubKeys? hub = null)
{
    /// <summary>The caller for local clients that need no key.</summary>
    public static readonly Caller Local = new("local", AccessRole.Writer);

    /// <param name="request">The request that carries the key, or the request of the WebSocket on which the key was sent.</param>
    public async Task<KeyLookup> FindAsync(HttpRequest request, string key, CancellationToken cancellationToken)
    {
        var isKeyless = callers.Includes(request);
        if (hub is null)
            return isKeyless ? KeyLookup.Of(Local) : KeyLookup.Invalid;
        if (isKeyless && await hub.HasKeysAsync(cancellationToken) is not true)
            return KeyLookup.Of(Local);
        if (key.Length == 0)
            return KeyLookup.Invalid;
        var lookup = await hub.FindAsync(key, cancellationToken);
        return lookup.Status == KeyStatus.HubUnavailable && isKeyless ? KeyLookup.Of(Local) : lookup;
    }
}
