namespace CloudTicks.Replay.Table;

/// <summary>What became of ticks that were written again.</summary>
/// <param name="Present">Ticks that the table had already.</param>
/// <param name="Refused">Ticks that the table does not take.</param>
public readonly record struct RebuildResult(long Stored, long Present, long Refused)
{
    /// <summary>Both together.</summary>
    public static RebuildResult operator +(RebuildResult one, RebuildResult other) =>
        new(one.Stored + other.Stored, one.Present + other.Present, one.Refused + other.Refused);

    /// <summary>Both together.</summary>
    public RebuildResult Add(RebuildResult other) => this + other;
}
