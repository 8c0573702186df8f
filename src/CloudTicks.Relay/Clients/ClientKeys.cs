using CloudTicks.CentralHub.Access;
using ServiceDefaults.Access;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// Identifies the key that a client sends in place of Polygon's. Local callers may send any text until the central hub has a key;
/// all others need at least a reader's key of the hub.
/// </summary>
internal sealed class ClientKeys(KeylessCallers callers, HubKeys? hub = null)
{
    /// <summary>A local caller, which needs no key.</summary>
    public static readonly Caller Local = new("local", AccessRole.Writer);

    /// <param name="request">The request that carries the key, or that became the WebSocket which does.</param>
    public async Task<KeyLookup> FindAsync(HttpRequest request, string key, CancellationToken cancellationToken)
    {
        var isKeyless = callers.Include(request);
        if (hub is null)
            return isKeyless ? KeyLookup.Of(Local) : KeyLookup.Invalid;
        if (isKeyless && await hub.HasKeysAsync(cancellationToken) is not true)
            return KeyLookup.Of(Local);
        if (key.Length == 0)
            return KeyLookup.Invalid;
        var finding = await hub.FindAsync(key, cancellationToken);
        return finding.Status == KeyStatus.HubUnavailable && isKeyless ? KeyLookup.Of(Local) : finding;
    }
}
