using CloudTicks.Ticks;

namespace CloudTicks.Cli.Exporting;

internal interface ITickFormat
{
    /// <summary>What stands above the first line, with its line end; empty for nothing.</summary>
    public ReadOnlySpan<byte> Head { get; }

    /// <summary>No line is longer, in bytes, its end included.</summary>
    public int MaxBytes { get; }

    /// <summary>Writes a tick with its line end, and returns the bytes written.</summary>
    public int Write(scoped in Tick tick, TickSource source, int partition, ulong identity, Span<byte> line);
}
