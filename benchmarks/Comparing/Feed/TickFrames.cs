using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>WebSocket messages as Polygon sends them, in memory.</summary>
/// <param name="Market">The market of all frames.</param>
/// <param name="Frames">The messages, each a JSON array of events.</param>
/// <param name="Ticks">The number of events in all frames.</param>
public sealed record TickFrames(Market Market, IReadOnlyList<byte[]> Frames, int Ticks)
{
    /// <summary>
    /// The numbers of events per frame, used in turn: from those of a quiet market to the maximum that the simulator sends.
    /// </summary>
    internal static readonly int[] ArrayLengths = [1, 4, 16, 64, 256];

    /// <summary>The total length of all frames, bytes.</summary>
    public long Bytes => Frames.Sum(frame => (long)frame.Length);

    /// <summary>Reads recorded ticks if there are files; otherwise generates synthetic ones.</summary>
    /// <param name="files">Files that AppHost could replay, of one market.</param>
    /// <param name="synthetic">Generates synthetic frames.</param>
    /// <param name="count">The maximum number of ticks.</param>
    /// <returns>The frames.</returns>
    public static TickFrames Load(IReadOnlyList<string> files, Func<TickFrames> synthetic, int count)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(synthetic);
        return files.Count == 0 ? synthetic() : RecordedTicks.Read(files, count);
    }
}
