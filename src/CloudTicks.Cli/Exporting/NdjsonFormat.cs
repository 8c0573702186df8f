using CloudTicks.Cli.Decoding;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Exporting;

/// <summary>One JSON object per line, with every field of the tick, as <c>decode --all</c> writes it.</summary>
internal sealed class NdjsonFormat : ITickFormat
{
    public ReadOnlySpan<byte> Head => [];

    public int MaxBytes => FullTickJson.MaxBytes + 1;

    public int Write(scoped in Tick tick, TickSource source, int partition, ulong identity, Span<byte> line)
    {
        var length = FullTickJson.Write(tick, source, partition, identity, line);
        line[length] = (byte)'\n';
        return length + 1;
    }
}
