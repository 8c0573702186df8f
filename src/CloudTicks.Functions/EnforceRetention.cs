using CloudTicks.Functions.Retaining;
using CloudTicks.Functions.Storing;
using CloudTicks.Timescale.Compression;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions;

/// <summary>
/// Drops chunks older than the retention window and, if the database supports compression, compresses those that are old enough.
/// </summary>
public sealed class EnforceRetention(SchemaReadiness schema, TableRetentionHandler retention, TickCompression compression)
{
    /// <summary>Every ten minutes, drops the chunks that are due, and then compresses those that are old enough.</summary>
    /// <param name="cancellationToken">Ends the run; the next run does the rest.</param>
    [Function(nameof(EnforceRetention))]
    public async Task RunAsync([TimerTrigger("0 */10 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await schema.WaitAsync(cancellationToken);
        await retention.EnforceAsync(cancellationToken);
        await compression.CompressAsync(cancellationToken);
    }
}
