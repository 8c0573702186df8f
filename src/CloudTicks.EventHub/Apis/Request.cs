using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

internal sealed class Request(RequestBuffer buffer, ClientSession session)
{
    private int _bodyStart;
    private bool _released;

    public RequestBuffer Buffer => buffer;

    /// <summary>The client's address, for DescribeGroups.</summary>
    public string ClientHost => session.Host;

    public ClientSession Session => session;

    public short Key { get; private set; }

    public short Version { get; private set; }

    public int CorrelationId { get; private set; }

    public string ClientId { get; private set; } = "";

    /// <summary>True when the body is read with compact lengths and tagged fields, and the response is written with them.</summary>
    public bool IsFlexible { get; private set; }

    public ReadOnlyMemory<byte> Body => buffer.Bytes[_bodyStart..];

    /// <summary>
    /// Releases the buffer. Called at the end of the request, or as soon as the request is parsed if its response must wait.
    /// </summary>
    public void Release()
    {
        if (!_released)
        {
            _released = true;
            buffer.Release();
        }
    }

    /// <summary>Reads the request header v1: key, version, correlation id, client id.</summary>
    /// <exception cref="MalformedRequestException">The bytes end early, or the client id is not UTF-8.</exception>
    public void ReadHeader()
    {
        var reader = new WireReader(buffer.Bytes.Span);
        Key = reader.ReadInt16();
        Version = reader.ReadInt16();
        CorrelationId = reader.ReadInt32();
        ClientId = reader.ReadNullableString() ?? "";
        _bodyStart = reader.Position;
    }

    /// <summary>
    /// Reads the tagged fields that a flexible version adds to the header. The client id has the classic format in every version.
    /// </summary>
    public void BeginBody(Api api)
    {
        IsFlexible = api.IsFlexible(Version);
        var reader = Reader();
        reader.EndStruct();
        _bodyStart += reader.Position;
    }

    public WireReader Reader() => new(Body.Span, IsFlexible);
}
