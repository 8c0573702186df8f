namespace CloudTicks.Timescale.Storing;

/// <summary>One partition of one stream.</summary>
/// <param name="Stream">
/// Which stream it is, for ever: cluster and topic id, or namespace and hub. A stream that is deleted and made anew has another one.
/// </param>
/// <param name="Partition">The partition, 0 or more.</param>
public sealed record StreamPartition(string Stream, string Topic, int Partition)
{
    /// <summary>For messages.</summary>
    /// <returns>Topic and partition, with the stream they are of.</returns>
    public override string ToString() => $"{Topic}[{Partition}] of {Stream}";
}
