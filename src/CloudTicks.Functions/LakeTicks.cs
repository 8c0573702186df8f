using CloudTicks.Lake;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>
/// Writes every tick of the archive into Parquet files, exactly once. It reads from the lake's own positions: a trigger of the event hub
/// would deliver records that the lake cannot write yet, and checkpoint them (docs/decisions.md).
/// </summary>
public sealed class LakeTicks(LakeConsumer lake)
{
    /// <summary>Writes the records since the last round, when <c>Lake:Interval</c> has passed.</summary>
    /// <param name="cancellationToken">Cancels the round; it is repeated.</param>
    [Function(nameof(LakeTicks))]
    public Task RunAsync([TimerTrigger("*/5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        lake.RunAsync(cancellationToken);
}
