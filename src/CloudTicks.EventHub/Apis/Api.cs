using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>One API: its key, the versions it serves, which are those it advertises, and its handler.</summary>
internal abstract class Api(ApiKey key, short minVersion, short maxVersion, short firstFlexible = short.MaxValue)
{
    public ApiKey Key => key;

    public short MinVersion => minVersion;

    public short MaxVersion => maxVersion;

    /// <summary>True for the versions with compact lengths and tagged fields.</summary>
    public bool IsFlexible(short version) => version >= firstFlexible && version <= maxVersion;

    /// <summary>True when the next request may be read before this answer: the handler fixes the order before its first await.</summary>
    public virtual bool Pipelined => false;

    /// <exception cref="MalformedRequestException">The body is not one of this API and version; the connection is closed.</exception>
    public abstract ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken);
}
