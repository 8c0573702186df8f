using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A minimal client of the protocol.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private int _correlation;

    public static async Task<WireClient> ConnectAsync(IPEndPoint address)
    {
        var client = new WireClient();
        await client._tcp.ConnectAsync(address, TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>Sends a request and returns its response without the leading correlation id.</summary>
    public async Task<byte[]> CallAsync(ApiKey key, short version, Action<WireWriter> body)
    {
        var correlation = await SendAsync(key, version, body);
        var response = await ReceiveAsync() ?? throw new IOException("The event hub closed the connection.");
        BinaryPrimitives.ReadInt32BigEndian(response).ShouldBe(correlation);
        return response[4..];
    }

    public async Task<int> SendAsync(ApiKey key, short version, Action<WireWriter> body)
    {
        await SendAsync(Request(key, version, ++_correlation, body));
        return _correlation;
    }

    /// <summary>The bytes of a request.</summary>
    public static byte[] Request(ApiKey key, short version, int correlation, Action<WireWriter> body)
    {
        using var writer = new WireWriter();
        writer.WriteInt32(0);
        writer.WriteInt16((short)key);
        writer.WriteInt16(version);
        writer.WriteInt32(correlation);
        writer.WriteString("wire-client");
        body(writer);
        writer.PatchInt32(0, writer.Length - 4);
        return writer.Written.ToArray();
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes) =>
        await _tcp.GetStream().WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>The next response without its length prefix; null when the connection was closed.</summary>
    public async Task<byte[]?> ReceiveAsync()
    {
        try
        {
            var length = new byte[4];
            await _tcp.GetStream().ReadExactlyAsync(length, TestContext.Current.CancellationToken);
            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await _tcp.GetStream().ReadExactlyAsync(frame, TestContext.Current.CancellationToken);
            return frame;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose() => _tcp.Dispose();
}
