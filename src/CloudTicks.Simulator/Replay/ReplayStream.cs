using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Lean;

namespace CloudTicks.Simulator.Replay;

/// <summary>Reads the ticks of one file, one tick in advance.</summary>
internal sealed class ReplayStream(ReplayFile file, SimulatedChannel channel) : IDisposable
{
    private readonly LeanTicks _ticks = file.OpenTicks();

    public SimulatedChannel Channel => channel;

    public ReplayFile File => file;

    /// <summary>The offset that is added to the file's times, in ms.</summary>
    public long ShiftMs { get; set; }

    public bool IsAtEnd { get; private set; }

    /// <summary>The time of the next row, in ms after the UTC midnight of the file's date.</summary>
    public long OffsetMs => file.MidnightMs + _ticks.Ms - file.UtcMidnightMs;

    public void MoveNext() => IsAtEnd = !_ticks.TryRead();

    public void Make(scoped ref Tick tick) => _ticks.Make(ref tick, ShiftMs);

    public void Dispose() => _ticks.Dispose();
}
