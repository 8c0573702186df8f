using System.Buffers;
using System.Buffers.Binary;

namespace CloudTicks.Benchmarks.Relaying.Clients;

/// <summary>Receives a message of the relay, an array of events.</summary>
internal delegate void MessageReceiver(ReadOnlySpan<byte> message);

/// <summary>
/// Counts the events in a server's frames: each event has one opening brace, and the texts of the benchmark's ticks have none.
/// </summary>
/// <param name="onMessage">Receives each complete message; null if counting suffices.</param>
internal sealed class FrameCounter(MessageReceiver? onMessage)
{
    private const int TextCode = 1;
    private const int PingCode = 9;
    private const int MaxHeaderBytes = 10;

    private readonly byte[] _header = new byte[MaxHeaderBytes];
    private readonly ArrayBufferWriter<byte> _message = new();
    private int _headerBytesRead;
    private long _remaining;
    private int _opcode;
    private long _events;
    private long _bytes;
    private long _messages;

    public long Events => Volatile.Read(ref _events);

    /// <summary>The total length of the messages without their frame headers, bytes.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Messages => Volatile.Read(ref _messages);

    /// <returns>Whether the bytes completed a ping.</returns>
    public bool Add(ReadOnlySpan<byte> bytes)
    {
        var isPing = false;
        while (bytes.Length > 0)
        {
            if (_remaining == 0)
            {
                _header[_headerBytesRead++] = bytes[0];
                bytes = bytes[1..];
                if (_headerBytesRead < HeaderLength())
                {
                    continue;
                }

                (_opcode, _remaining, _headerBytesRead) = (_header[0] & 0x0F, PayloadLength(), 0);
                isPing |= _remaining == 0 && _opcode == PingCode;
                continue;
            }

            var part = bytes[..(int)Math.Min(_remaining, bytes.Length)];
            bytes = bytes[part.Length..];
            _remaining -= part.Length;
            isPing |= _remaining == 0 && _opcode == PingCode;
            if (_opcode == TextCode)
            {
                Count(part);
            }
        }

        return isPing;
    }

    private void Count(ReadOnlySpan<byte> part)
    {
        if (onMessage is not null)
        {
            _message.Write(part);
            if (_remaining == 0)
            {
                onMessage(_message.WrittenSpan);
                _message.ResetWrittenCount();
            }
        }

        Volatile.Write(ref _bytes, _bytes + part.Length);
        Volatile.Write(ref _messages, _messages + (_remaining == 0 ? 1 : 0));
        Volatile.Write(ref _events, _events + part.Count((byte)'{'));
    }

    private int HeaderLength() => _headerBytesRead < 2 ? 2 : (_header[1] & 0x7F) switch { 126 => 4, 127 => MaxHeaderBytes, _ => 2 };

    private long PayloadLength() => (_header[1] & 0x7F) switch
    {
        126 => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2)),
        127 => BinaryPrimitives.ReadInt64BigEndian(_header.AsSpan(2)),
        var length => length,
    };
}
