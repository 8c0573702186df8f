using System.Diagnostics;

namespace CloudTicks.Collection.Batching;

/// <summary>
/// Traces each record in one span, from the receipt of its first tick until the record is acknowledged or on disk. Costs nothing
/// without a listener.
/// </summary>
internal static class RecordTrace
{
    public const string SourceName = "CloudTicks.Collection";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Begin(int partition, int ticks, DateTimeOffset receivedAt)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var span = Source.CreateActivity("archive", ActivityKind.Producer, default(ActivityContext));
        span?.SetStartTime(receivedAt.UtcDateTime);
        span?.SetTag("messaging.destination.partition.id", partition).SetTag("cloudticks.ticks", ticks).Start();
        Activity.Current = span?.Parent;
        return span;
    }

    /// <summary>Ends the span when the record is acknowledged, on disk or refused.</summary>
    public static void EndWith(Activity? span, Task whenSafe) => _ = span is null ? null : whenSafe.ContinueWith(
        (completed, state) =>
        {
            var activity = (Activity)state!;
            activity.SetStatus(
                completed.IsCompletedSuccessfully ? ActivityStatusCode.Ok : ActivityStatusCode.Error,
                completed.Exception?.InnerException?.Message);
            activity.Dispose();
        },
        span, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
