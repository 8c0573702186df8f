using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;
using CloudTicks.Ticks.Json;

namespace CloudTicks.Cli.Decoding;

/// <summary>Buffers lines of JSON for the output.</summary>
internal sealed class TickLines(Stream output, bool everyField)
{
    private const int BufferBytes = 128 * 1024;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _length;

    /// <summary>Adds the line of a tick, and flushes a full buffer.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public void Add(scoped in Tick tick, TickSource source, int partition)
    {
        if (_length > BufferBytes - FullTickJson.MaxBytes - 1)
        {
            Flush();
        }

        var identity = TickIdentity.Of(tick);
        var free = _buffer.AsSpan(_length);
        _length += everyField ? FullTickJson.Write(tick, source, partition, identity, free) : TickJson.Write(tick, source, identity, free);
        _buffer[_length++] = (byte)'\n';
    }

    /// <summary>Adds the line of a gap.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public void Add(FeedGap gap)
    {
        var line = GapRecord.Write(gap);
        if (_length > BufferBytes - line.Length - 1)
        {
            Flush();
        }

        line.CopyTo(_buffer, _length);
        _length += line.Length;
        _buffer[_length++] = (byte)'\n';
    }

    /// <summary>Writes all buffered lines.</summary>
    /// <exception cref="OutputClosedException">The reader of the output has closed it.</exception>
    /// <exception cref="IOException">The output cannot be written.</exception>
    public void Flush()
    {
        try
        {
            output.Write(_buffer, 0, _length);
            _length = 0;
        }
        catch (IOException exception) when (StandardOutput.IsPipeClosed(exception))
        {
            throw new OutputClosedException(exception);
        }
    }
}
