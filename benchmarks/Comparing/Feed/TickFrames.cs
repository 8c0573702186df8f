using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>WebSocket messages as Polygon sends them, in memory.</summary>
/// <param name="Market">The market of all of them.</param>
/// <param name="Frames">Each a JSON array of events.</param>
/// <param name="Ticks">Events in all.</param>
public sealed record TickFrames(Market Market, IReadOnlyList<byte[]> Frames, int Ticks)
{
    /// <summary>Events of one frame, in turn: a quiet market's, a busy one's, and the largest that the simulator sends.</summary>
    internal static readonly int[] ArrayLengths = [1, 4, 16, 64, 256];

    /// <summary>Bytes of all frames.</summary>
    public long Bytes => Frames.Sum(frame => (long)frame.Length);

    /// <summary>Takes recorded ticks when there are files, synthetic ones otherwise.</summary>
    /// <param name="files">Files that AppHost could replay, of one market.</param>
    /// <param name="synthetic">Makes synthetic frames.</param>
    /// <param name="count">Most ticks.</param>
    /// <returns>The frames.</returns>
    public static TickFrames Load(IReadOnlyList<string> files, Func<TickFrames> synthetic, int count)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(synthetic);
        return files.Count == 0 ? synthetic() : RecordedTicks.Read(files, count);
    }
}
