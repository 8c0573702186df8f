using System.Diagnostics;

namespace CloudTicks.Collection.Batching;

/// <summary>One trace a record, from its first tick's receipt until it is safe; free where no listener is attached.</summary>
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

    /// <summary>Ends it when the record cannot be lost any more, or was refused.</summary>
    public static void EndWith(Activity? span, Task safe) => _ = span is null ? null : safe.ContinueWith(
        (done, state) =>
        {
            var ended = (Activity)state!;
            ended.SetStatus(
                done.IsCompletedSuccessfully ? ActivityStatusCode.Ok : ActivityStatusCode.Error, done.Exception?.InnerException?.Message);
            ended.Dispose();
        },
        span, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
