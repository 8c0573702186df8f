using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.Replay;
using CloudTicks.Ticks;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>Frames of recorded ticks.</summary>
internal static class RecordedTicks
{
    /// <summary>Merges the files by time of day, and returns the first ticks.</summary>
    /// <exception cref="BenchmarkException">A file cannot be read, or the files contain several markets.</exception>
    public static TickFrames Read(IReadOnlyList<string> paths, int count)
    {
        var streams = new List<ReplayStream>();
        try
        {
            foreach (var file in paths.Select(ReplayFile.Scan))
            {
                streams.Add(new ReplayStream(file, new SimulatedChannel(file.Name.Symbol, file.Name.Kind)));
                streams[^1].MoveNext();
            }

            var market = streams[0].Channel.Symbol.Market;
            return streams.TrueForAll(stream => stream.Channel.Symbol.Market == market)
                ? Merge(streams, market, count)
                : throw new BenchmarkException(
                    "--ticks accepts files of one market at a time, because a connection to Polygon carries only one market.");
        }
        catch (StartException unreadable)
        {
            throw new BenchmarkException(unreadable.Message);
        }
        finally
        {
            streams.ForEach(stream => stream.Dispose());
        }
    }

    private static TickFrames Merge(List<ReplayStream> streams, Market market, int count)
    {
        var frames = new FrameListBuilder(market);
        Tick tick = default;
        while (frames.Ticks < count && streams.Where(stream => !stream.IsAtEnd).MinBy(stream => stream.OffsetMs) is { } next)
        {
            next.Make(ref tick);
            frames.Add(tick);
            next.MoveNext();
        }

        return frames.Build();
    }
}
