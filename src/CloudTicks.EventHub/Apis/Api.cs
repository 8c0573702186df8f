using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>One API of the protocol: its key, its handler, and the versions that it serves and advertises.</summary>
internal abstract class Api(ApiKey key, short minVersion, short maxVersion, short firstFlexible = short.MaxValue)
{
    public ApiKey Key => key;

    public short MinVersion => minVersion;

    public short MaxVersion => maxVersion;

    /// <summary>True for the versions with compact lengths and tagged fields.</summary>
    public bool IsFlexible(short version) => version >= firstFlexible && version <= maxVersion;

    /// <summary>
    /// True when the connection may read the next request before it sends this response. The handler must queue its work before its first
    /// await, so that requests keep their order.
    /// </summary>
    public virtual bool Pipelined => false;

    /// <exception cref="MalformedRequestException">The body does not match this API and version; the connection is closed.</exception>
    public abstract ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken);
}
