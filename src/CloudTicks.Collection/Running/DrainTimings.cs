namespace CloudTicks.Collection.Running;

/// <summary>
/// The time limits of the drain at a stop. They are not settings, because a collector must exit within 5 s of SIGTERM. Tests raise them.
/// </summary>
internal sealed record DrainTimings
{
    /// <summary>The time after which the stop fails if a record is neither acknowledged nor on disk.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3.5);

    /// <summary>The time after which the records that the event hub has not acknowledged are written to disk.</summary>
    public TimeSpan HubTimeout { get; init; } = TimeSpan.FromSeconds(1.5);
}
