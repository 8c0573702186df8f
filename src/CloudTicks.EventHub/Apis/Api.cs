using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// One API of the protocol: its key, the versions it serves (advertised as they stand here, so that what is advertised cannot
/// drift from what is there), and its handler.
/// </summary>
internal abstract class Api(ApiKey key, short minVersion, short maxVersion, short firstFlexible = short.MaxValue)
{
    public ApiKey Key => key;

    public short MinVersion => minVersion;

    public short MaxVersion => maxVersion;

    /// <summary>True for the versions with compact lengths and tagged fields.</summary>
    public bool IsFlexible(short version) => version >= firstFlexible && version <= maxVersion;

    /// <summary>
    /// True when the next request of the connection may be read before this one is answered. The handler then does what fixes
    /// the order before its first await; answers still leave in the order of the requests.
    /// </summary>
    public virtual bool Pipelined => false;

    /// <exception cref="MalformedRequestException">The body is not one of this API and version; the connection is closed.</exception>
    public abstract ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken);
}
