namespace CloudTicks.Replay.Table;

/// <summary>The result of writing ticks to the table again.</summary>
/// <param name="Present">Ticks that the table already had.</param>
/// <param name="Refused">Ticks that the table refused.</param>
public readonly record struct RebuildResult(long Stored, long Present, long Refused)
{
    /// <summary>Adds the counts.</summary>
    public static RebuildResult operator +(RebuildResult one, RebuildResult other) =>
        new(one.Stored + other.Stored, one.Present + other.Present, one.Refused + other.Refused);

    /// <summary>Adds the counts.</summary>
    public RebuildResult Add(RebuildResult other) => this + other;
}
