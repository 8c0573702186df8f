using CloudTicks.Lake;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>
/// Writes every tick of the archive into Parquet files, exactly once. It reads from the lake's own positions: a trigger of the event hub
/// would deliver bytes that the lake cannot take yet, and say that they are done (docs/decisions.md).
/// </summary>
public sealed class LakeTicks(LakeConsumer lake)
{
    /// <summary>Writes what came since the last round, where <c>Lake:Interval</c> has passed.</summary>
    /// <param name="cancellationToken">Ends the round; it comes again.</param>
    [Function(nameof(LakeTicks))]
    public Task RunAsync([TimerTrigger("*/5 * * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        lake.RunAsync(cancellationToken);
}
