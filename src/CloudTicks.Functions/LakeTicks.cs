using CloudTicks.Lake;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>
/// Writes every tick of the archive into Parquet files, exactly once. It reads from the positions stored in the lake: an event hub trigger
/// would deliver records that the lake cannot write yet, and checkpoint them (docs/decisions.md).
/// </summary>
public sealed class LakeTicks(LakeConsumer lake)
{
    /// <summary>Writes the records that arrived since the last round, if <c>Lake:Interval</c> has passed.</summary>
    /// <param name="cancellationToken">Cancels the round; it is repeated.</param>
    [Function(nameof(LakeTicks))]
    public Task RunAsync([TimerTrigger("*/5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        lake.RunAsync(cancellationToken);
}
