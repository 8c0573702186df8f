using System.Globalization;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>
/// Controls a test of random frames: how many it reads, and from which seed. <c>CLOUDTICKS_DECODER_FRAMES</c> sets the number of frames for
/// long runs, <c>CLOUDTICKS_DECODER_SEED</c> the seed of a run to repeat; both are printed.
/// </summary>
internal sealed class DecoderRun
{
    private static readonly Market[] AllMarkets = [Market.Stock, Market.Option, Market.Forex, Market.Crypto];

    /// <summary>The number of frames after which a reader is replaced, because damaged names fill its memory with symbols.</summary>
    private const int FramesPerReader = 20_000;

    private readonly Dictionary<Market, FrameReader> _readers = [];
    private readonly string _name;
    private int _frameNumber;

    private DecoderRun(string name, int frames, int seed)
    {
        (_name, Frames, Seed, Random) = (name, frames, seed, new Random(seed));
        Print($"{name}: {frames} frames, seed {seed}");
    }

    public int Frames { get; }

    public int Seed { get; }

    public Random Random { get; }

    /// <summary>The market of the current frame.</summary>
    public Market Market => AllMarkets[_frameNumber % AllMarkets.Length];

    /// <summary>The reader of the current market; several frames share it.</summary>
    public FrameReader Reader
    {
        get
        {
            if (!_readers.TryGetValue(Market, out var reader))
            {
                _readers.Add(Market, reader = new FrameReader(Market, new SymbolDictionary()));
            }

            return reader;
        }
    }

    public static DecoderRun Start(string name, int frames) => new(
        name, ReadVariable("CLOUDTICKS_DECODER_FRAMES") ?? frames, ReadVariable("CLOUDTICKS_DECODER_SEED") ?? Random.Shared.Next());

    /// <summary>Moves to the next frame; false after the last.</summary>
    public bool Next()
    {
        if (++_frameNumber % 1_000_000 == 0)
        {
            Print($"{_name}: {_frameNumber} frames read");
        }

        if (_frameNumber % FramesPerReader == 0)
        {
            _readers.Clear();
        }

        return _frameNumber <= Frames;
    }

    /// <summary>Describes the current frame in a failure message, so that the failure can be reproduced.</summary>
    public string Where(string frame) => $"seed {Seed}, frame {_frameNumber} of {Market}: {frame}";

    /// <summary>Writes a line to the test's output.</summary>
    public static void Print(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);

    private static int? ReadVariable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value
        ? int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture)
        : null;
}
