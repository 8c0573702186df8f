using System.Diagnostics.CodeAnalysis;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.Replay;

/// <summary>
/// Sends recorded ticks in the order of their time of day, which aligns files of different days. The replay starts when all channels are
/// subscribed to. With a speed factor the source then follows the recorded times, and drops ticks without subscribers; with <c>max</c> it
/// waits for a subscriber.
/// </summary>
internal sealed class ReplaySource(
    IOptions<SimulatorOptions> options, ChannelDirectory channels, TimeProvider time, ILogger<ReplaySource> logger)
    : ITickSource, IDisposable
{
    private readonly List<ReplayStream> _streams = [];
    private readonly double? _factor = options.Value.SpeedFactor;
    private ReplayStream? _next;
    private ReplayStream? _lastRead;
    private long? _startedAt;
    private long _firstOffsetMs;
    private double _elapsedMs;

    public bool IsFinished { get; private set; }

    public void Open()
    {
        var files = options.Value.Replay.Select(ReplayFile.Scan).ToList();
        foreach (var repeated in files.GroupBy(file => (file.Name.Symbol, file.Name.Kind)).Where(group => group.Count() > 1))
        {
            throw new StartException(
                $"{string.Join(" and ", repeated.Select(file => file.Path))} contain {repeated.Key.Kind}s of {repeated.Key.Symbol}: replay "
                    + $"only one file per symbol and kind.");
        }

        foreach (var file in files)
        {
            var stream = new ReplayStream(file, channels.GetOrAdd(file.Name.Symbol, file.Name.Kind)!);
            stream.MoveNext();
            _streams.Add(stream);
            Log.Replaying(
                logger, file.Rows, file.Name.Symbol.Market, file.Name.Kind, file.Name.Symbol.Name, file.Path, options.Value.Speed);
        }

        _firstOffsetMs = files.Min(file => file.FirstOffsetMs);
        _next = Earliest();
    }

    /// <summary>Does nothing: a wildcard covers only the replayed channels.</summary>
    public void AddListed(Market market, TickKind kind)
    {
    }

    public void Advance()
    {
        if (_startedAt is null)
        {
            if (_streams.Exists(stream => stream.Channel.Subscribers.Length == 0))
                return;
            Start();
        }

        _elapsedMs = time.GetElapsedTime(_startedAt!.Value).TotalMilliseconds;
    }

    public bool TryRead(scoped ref Tick tick, [NotNullWhen(true)] out SimulatedChannel? channel)
    {
        channel = null;
        if (_startedAt is null)
            return false;
        // Move on only now: until this call the previous tick may still refer to its row's buffers.
        AdvanceStream();
        if (_next is null || !IsDue(_next))
            return false;
        channel = _next.Channel;
        _next.Make(ref tick);
        _lastRead = _next;
        return true;
    }

    public void Dispose() => _streams.ForEach(stream => stream.Dispose());

    private void Start()
    {
        _startedAt = time.GetTimestamp();
        var nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var stream in _streams)
        {
            var lastMs = stream.File.UtcMidnightMs + stream.File.LastOffsetMs;
            var lastSentMs = _factor is { } factor ? nowMs + (long)((stream.File.LastOffsetMs - _firstOffsetMs) / factor) : nowMs;
            stream.ShiftMs = options.Value.Timestamps == SimulatorOptions.Kept ? 0 : lastSentMs - lastMs;
        }

        Log.ReplayStarted(logger);
    }

    private void AdvanceStream()
    {
        if (_lastRead is null)
            return;
        _lastRead.MoveNext();
        _lastRead = null;
        _next = Earliest();
        IsFinished = _next is null;
    }

    private bool IsDue(ReplayStream stream) =>
        _factor is { } factor ? (stream.OffsetMs - _firstOffsetMs) / factor <= _elapsedMs : stream.Channel.Subscribers.Length > 0;

    private ReplayStream? Earliest()
    {
        ReplayStream? earliest = null;
        foreach (var stream in _streams)
        {
            if (!stream.IsAtEnd && (earliest is null || stream.OffsetMs < earliest.OffsetMs))
                earliest = stream;
        }

        return earliest;
    }
}
