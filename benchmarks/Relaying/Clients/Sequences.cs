using System.Buffers.Text;

namespace CloudTicks.Benchmarks.Relaying.Clients;

internal delegate void SequenceReceiver(ReadOnlySpan<byte> symbol, long sequence);

/// <summary>Reads the symbol and the sequence of each event of a message, without the cost of a JSON reader.</summary>
internal static class Sequences
{
    public static void Read(ReadOnlySpan<byte> message, SequenceReceiver receive)
    {
        while (message.IndexOf("\"sym\":\""u8) is var at and >= 0)
        {
            message = message[(at + "\"sym\":\"".Length)..];
            var symbol = message[..message.IndexOf((byte)'"')];
            var sequenceAt = message.IndexOf("\"q\":"u8);
            if (sequenceAt < 0)
            {
                return;
            }

            message = message[(sequenceAt + "\"q\":".Length)..];
            if (Utf8Parser.TryParse(message, out long sequence, out _))
            {
                receive(symbol, sequence);
            }
        }
    }
}
