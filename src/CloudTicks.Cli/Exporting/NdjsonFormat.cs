using CloudTicks.Cli.Decoding;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Exporting;

/// <summary>Writes one JSON object per line, with every field of the tick, like <c>decode --all</c>.</summary>
internal sealed class NdjsonFormat : ITickFormat
{
    public ReadOnlySpan<byte> Header => [];

    public int MaxBytes => FullTickJson.MaxBytes + 1;

    public int Write(scoped in Tick tick, TickSource source, int partition, ulong identity, Span<byte> line)
    {
        var length = FullTickJson.Write(tick, source, partition, identity, line);
        line[length] = (byte)'\n';
        return length + 1;
    }
}
