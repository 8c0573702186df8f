using System.Globalization;
using System.Text;
using CloudTicks.Cli.Decoding;
using CloudTicks.Foundations;

namespace CloudTicks.Cli.Tailing;

/// <summary>
/// Buffers 4 MiB of lines between NATS and the writer; while the buffer is full, ticks are dropped and counted, so that the connection is
/// never blocked.
/// </summary>
internal sealed class TailLines(bool json)
{
    private const int BufferBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly WakeSignal _filled = new();
    private byte[] _filling = new byte[BufferBytes];
    private byte[] _writing = new byte[BufferBytes];
    private int _length;
    private long _lines;
    private long _dropped;
    private long _refused;

    public long Lines => Volatile.Read(ref _lines);

    /// <summary>The number of ticks dropped because the output is too slow.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public long Refused => Volatile.Read(ref _refused);

    public void Add(ReadOnlySpan<byte> payload, Func<string, bool> wants, long max)
    {
        if (TickView.Read(payload) is not { } tick)
        {
            Interlocked.Increment(ref _refused);
            return;
        }

        if (!wants(tick.Symbol) || Lines >= max)
        {
            return;
        }

        Span<byte> line = json && payload.IndexOfAny((byte)'\n', (byte)'\r') < 0 ? [.. payload, (byte)'\n'] : json
            ? OneLine(payload)
            : Text(tick);
        lock (_gate)
        {
            if (_lines >= max)
            {
                return; // another subscription has just added the last line
            }

            if (_length + line.Length > BufferBytes)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            line.CopyTo(_filling.AsSpan(_length));
            _length += line.Length;
            Volatile.Write(ref _lines, _lines + 1);
            _filled.Set();
        }
    }

    /// <summary>Writes lines until the requested number is reached.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    public async Task WriteAsync(Stream output, long max, CancellationToken cancellationToken)
    {
        for (var written = 0L; written < max;)
        {
            await _filled.WaitAsync(cancellationToken);
            int length;
            lock (_gate)
            {
                (_filling, _writing) = (_writing, _filling);
                (length, _length, written) = (_length, 0, _lines);
            }

            try
            {
                await output.WriteAsync(_writing.AsMemory(0, length), cancellationToken);
            }
            catch (IOException exception) when (StandardOutput.IsPipeClosed(exception))
            {
                throw new OutputClosedException(exception);
            }
        }
    }

    private static byte[] OneLine(ReadOnlySpan<byte> payload)
    {
        var line = new byte[payload.Length + 1];
        payload.CopyTo(line);
        // A line break can only be between fields, where a space is equivalent, because JSON allows no line breaks within texts.
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        line[^1] = (byte)'\n';
        return line;
    }

    private static byte[] Text(TickView tick)
    {
        var text = new StringBuilder();
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(tick.TimestampMs, -62135596800000, 253402300799999));
        text.Append(CultureInfo.InvariantCulture, $"{time:yyyy-MM-ddTHH:mm:ss.fffZ}  {tick.Symbol,-10}");
        Append(text, "bid", tick.Bid);
        Append(text, "ask", tick.Ask);
        Append(text, "price", tick.Price);
        Append(text, "size", tick.Size);
        if (tick.Source is not null)
        {
            text.Append("  ").Append(tick.Source);
        }

        return Encoding.UTF8.GetBytes(text.Append('\n').ToString());
    }

    private static void Append(StringBuilder text, string name, decimal? value)
    {
        if (value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name} {value,-11}");
        }
    }
}
