using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Benchmarks.Hub;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>One connection of an honest or an abusive client, on the caller's thread.</summary>
internal sealed class HubClient : IDisposable
{
    private const short SaslHandshake = 17;
    private const short SaslAuthenticate = 36;
    private const int CorrelationBytes = 4;
    private const int TimeoutMs = 120_000;

    private readonly byte[] _length = new byte[4];

    public HubClient(IPEndPoint address)
    {
        Socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = TimeoutMs,
            SendTimeout = TimeoutMs,
        };
        Socket.Connect(address);
    }

    public Socket Socket { get; }

    public void LogIn(string user, string password)
    {
        Check(Call(new WireRequest(SaslHandshake, 1).Text("PLAIN"), []), 0, "starting the login");
        var token = Encoding.UTF8.GetBytes($"\0{user}\0{password}");
        Check(Call(new WireRequest(SaslAuthenticate, 0).Int32(token.Length), token), 0, "logging in");
    }

    /// <summary>Sends a request, and returns the response without its correlation id.</summary>
    public byte[] Call(WireRequest request, byte[] tail)
    {
        Send(request.Finish(tail.Length));
        Send(tail);
        return Receive();
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Socket.Send(bytes)..];
        }
    }

    public byte[] Receive()
    {
        ReadExactly(_length);
        var response = new byte[BinaryPrimitives.ReadInt32BigEndian(_length)];
        ReadExactly(response);
        return response[CorrelationBytes..];
    }

    public static void Check(byte[] response, int errorAt, string operation)
    {
        if (BinaryPrimitives.ReadInt16BigEndian(response.AsSpan(errorAt)) is not 0 and var error)
        {
            throw new BenchmarkException($"The hub returned error {error} when {operation}.");
        }
    }

    public void Dispose() => Socket.Dispose();

    private void ReadExactly(Span<byte> into)
    {
        while (into.Length > 0)
        {
            var read = Socket.Receive(into);
            into = read > 0 ? into[read..] : throw new SocketException((int)SocketError.ConnectionReset);
        }
    }
}
