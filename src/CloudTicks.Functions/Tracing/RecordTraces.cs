using System.Diagnostics;
using System.Text;
using Azure.Messaging.EventHubs;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Functions.Tracing;

/// <summary>Creates one span per batch, which continues the first trace among the events and links to up to 32 others.</summary>
internal static class RecordTraces
{
    public const string SourceName = "CloudTicks.Functions";

    /// <summary>The maximum number of linked traces.</summary>
    private const int MaxLinks = 32;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of a batch.</summary>
    /// <param name="name"><c>store</c> or <c>publish</c>.</param>
    public static Activity? Begin(string name, EventData[] events)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        var contexts = events.Select(ContextOf).OfType<ActivityContext>().Distinct().Take(MaxLinks + 1).ToArray();
        return Source.StartActivity(
                name, ActivityKind.Consumer, contexts.FirstOrDefault(),
                links: contexts.Skip(1).Select(context => new ActivityLink(context)))
            ?.SetTag("messaging.batch.message_count", events.Length);
    }

    public static async Task TraceAsync(string name, EventData[] events, Func<Task> work)
    {
        using var span = Begin(name, events);
        try
        {
            await work();
            span?.SetStatus(ActivityStatusCode.Ok);
        }
        catch (Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            throw;
        }
    }

    private static ActivityContext? ContextOf(EventData data)
    {
        var text = !data.Properties.TryGetValue(HeaderNames.TraceParent, out var value) ? null
            : value is byte[] bytes ? Encoding.UTF8.GetString(bytes)
            : value as string;
        return ActivityContext.TryParse(text, null, isRemote: true, out var context) ? context : null;
    }
}
