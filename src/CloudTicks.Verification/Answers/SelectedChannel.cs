namespace CloudTicks.Verification.Answers;

/// <summary>One kind of ticks of a selected symbol, as a collector tells of it (<c>GET /api/v1/symbols</c>).</summary>
internal sealed record SelectedChannel(
    string Symbol,
    string Market,
    string Kind,
    string Channel,
    string Phase,
    long? PhaseSinceMs,
    long WantedSinceMs,
    long? CoveredSinceMs,
    long? LastTickAgeMs,
    double? UsualPauseMs)
{
    /// <summary>Whether no ticks are to be expected.</summary>
    public bool IsClosed => Phase == "closed";

    /// <summary>Whether few are.</summary>
    public bool IsExtended => Phase == "extended";
}
