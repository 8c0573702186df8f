using CloudTicks.Ticks;

namespace CloudTicks.Cli.Exporting;

internal interface ITickFormat
{
    /// <summary>The header line with its line end; empty if the format has no header.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>The maximum length of a line with its line end, bytes.</summary>
    public int MaxBytes { get; }

    /// <summary>Writes a tick with its line end, and returns the bytes written.</summary>
    public int Write(scoped in Tick tick, TickSource source, int partition, ulong identity, Span<byte> line);
}
