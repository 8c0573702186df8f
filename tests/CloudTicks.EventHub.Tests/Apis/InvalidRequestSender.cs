using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>
/// Sends invalid requests of one API and version, many per packet, and expects a response to each or the end of the connection. It blocks
/// its thread, because ten million tasks cost more than the requests.
/// </summary>
internal sealed class InvalidRequestSender(IPEndPoint address, ApiKey key, short version, int seed) : IDisposable
{
    private const int MaxPending = 32;
    private const int HandshakeId = -3;
    private const int EndId = -2;

    /// <summary>
    /// One in this many connections starts a login. More logins would slow the test down: a failed one delays its connection by a second.
    /// </summary>
    private const int ConnectionsPerHandshake = 64;

    /// <summary>The timeout of a response. Even on a loaded machine only a hanging connection takes this long.</summary>
    public static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(90);

    /// <summary>The time for which a request may wait before this sender sends an invalid length, which ends the connection.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(20);

    private static readonly byte[] ClosingBytes = [0x7F, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] EndRequest = WireClient.Request(ApiKey.ApiVersions, 0, EndId, static _ => { });
    private static readonly byte[] Handshake =
        WireClient.Request(ApiKey.SaslHandshake, 1, HandshakeId, static w => w.WriteString("PLAIN"));

    private readonly InvalidRequestBody _bodies = new(new Random(seed), ValidBodies(key));
    private readonly List<byte[]> _pending = [];
    private readonly MemoryStream _packet = new();
    private readonly byte[] _arrived = new byte[64 * 1024];
    private Socket? _socket;
    private int _connectionCount;
    private int _readAt;
    private int _arrivedEnd;

    /// <summary>The number of requests that were answered. An unanswered request closed its connection, or needs no response.</summary>
    public int Answered { get; private set; }

    /// <summary>True if the API's requests may wait for records or for other members, longer than <see cref="MaxWait"/>.</summary>
    private bool MayWait => key is ApiKey.Fetch or ApiKey.JoinGroup or ApiKey.SyncGroup;

    /// <summary>
    /// The number of requests in a packet. It is small when many requests end their connection, because the requests that follow in the
    /// packet are sent again.
    /// </summary>
    private int PacketRequests => MayWait ? 1 : Math.Clamp(2 * (Answered + 1) / Math.Max(_connectionCount, 1), 1, MaxPending);

    public void Send(int count)
    {
        while (count > 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            while (_pending.Count < Math.Min(PacketRequests, count))
            {
                _pending.Add(_bodies.Body());
            }

            var completedCount = SendPending();
            _pending.RemoveRange(0, completedCount);
            count -= completedCount;
        }
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>Valid bodies that mutation alone would take long to find.</summary>
    private static byte[][] ValidBodies(ApiKey key)
    {
        using var body = new WireWriter();
        switch (key)
        {
            case ApiKey.Produce:
                WireCalls.Produce("ticks", 0, Batches.Of("a"))(body);
                return [body.Written.ToArray()];
            case ApiKey.Fetch:
                WireCalls.Fetch("ticks", 0, 0)(body);
                return [body.Written.ToArray()];
            default:
                return [];
        }
    }

    /// <returns>The number of completed requests: those that were answered, need no response, or closed the connection.</returns>
    private int SendPending()
    {
        var isNew = _socket is null;
        if (isNew)
        {
            Connect();
        }

        try
        {
            var packet = Packet(isNew && key == ApiKey.SaslAuthenticate && _connectionCount % ConnectionsPerHandshake == 1);
            var isSent = TrySend(packet);
            if (MayWait && isSent && _readAt == _arrivedEnd && !_socket!.Poll(MaxWait, SelectMode.SelectRead))
            {
                TrySend(ClosingBytes);
            }

            var answered = isSent ? Receive() : 0;
            if (answered < 0)
            {
                return _pending.Count;
            }

            Dispose();
            _socket = null;
            return isSent || isNew ? Math.Min(answered + 1, _pending.Count) : 0;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.TimedOut)
        {
            throw new InvalidOperationException(
                $"{key} version {version}, seed {seed}: no response and the connection stays open. Bodies: "
                    + string.Join(' ', _pending.Select(Convert.ToHexString)), e);
        }
    }

    private void Connect()
    {
        var milliseconds = (int)ResponseTimeout.TotalMilliseconds;
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = milliseconds,
            SendTimeout = milliseconds,
        };
        _socket.Connect(address);
        _connectionCount++;
        _readAt = _arrivedEnd = 0;
    }

    /// <summary>False when the connection has ended.</summary>
    private bool TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _socket!.Send(bytes);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode != SocketError.TimedOut)
        {
            return false;
        }
    }

    private ReadOnlySpan<byte> Packet(bool startsLogin)
    {
        _packet.SetLength(0);
        _packet.Write(startsLogin ? Handshake : []);
        for (var i = 0; i < _pending.Count; i++)
        {
            var header = WireClient.Request(key, version, i, static _ => { });
            BinaryPrimitives.WriteInt32BigEndian(header, header.Length - sizeof(int) + _pending[i].Length);
            _packet.Write(header);
            _packet.Write(_pending[i]);
        }

        _packet.Write(MayWait ? [] : EndRequest);
        return _packet.GetBuffer().AsSpan(0, (int)_packet.Length);
    }

    /// <returns>
    /// The number of requests that were completed before the connection ended; -1 when it stays open and all are completed.
    /// </returns>
    private int Receive()
    {
        var answered = 0;
        while (TryReadInt32(out var length) && TryReadInt32(out var id) && TrySkip(length - sizeof(int)))
        {
            if (id >= 0)
            {
                if (id < answered || id >= _pending.Count)
                {
                    throw new InvalidOperationException($"{key} version {version}, seed {seed}: response {id} follows {answered - 1}");
                }

                _bodies.AddAnswered(_pending[id], length);
                Answered++;
                answered = id + 1; // requests in between need no response
            }

            if (id == EndId || MayWait)
            {
                return -1;
            }
        }

        return answered;
    }

    private bool TryReadInt32(out int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (_readAt == _arrivedEnd && !TryFill())
            {
                value = 0;
                return false;
            }

            bytes[i] = _arrived[_readAt++];
        }

        value = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return true;
    }

    private bool TrySkip(int bytes)
    {
        while (bytes > 0 && (_readAt < _arrivedEnd || TryFill()))
        {
            var availableBytes = Math.Min(bytes, _arrivedEnd - _readAt);
            (_readAt, bytes) = (_readAt + availableBytes, bytes - availableBytes);
        }

        return bytes <= 0;
    }

    /// <summary>False when the connection has ended.</summary>
    private bool TryFill()
    {
        try
        {
            (_readAt, _arrivedEnd) = (0, _socket!.Receive(_arrived));
            return _arrivedEnd > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode != SocketError.TimedOut)
        {
            return false;
        }
    }
}
