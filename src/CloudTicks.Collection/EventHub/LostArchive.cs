using CloudTicks.Collection.Feeds;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.EventHub;

/// <summary>Sees that the event hub has lost the archive, and makes it anew as the first start does.</summary>
internal sealed class LostArchive(
    EventStreamConnection hub, FeedName feed, int partitions, FeedMark mark, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TopicTime = TimeSpan.FromSeconds(10);

    private string? _identity;

    /// <summary>Which stream the archive is; null while unknown.</summary>
    public string? Identity => _identity;

    /// <summary>Asks the event hub which stream the archive is, and remembers the first that it names.</summary>
    /// <returns>Why it is not the one that it was; null when it is, or when nobody answers.</returns>
    public async Task<string?> WhyLostAsync(CancellationToken cancellationToken)
    {
        try
        {
            var now = await StreamIdentity.ResolveAsync(hub, TopicNames.TickArchive, NullLogger.Instance, AnswerTime, cancellationToken);
            return now == (_identity ??= now) ? null : $"topic '{TopicNames.TickArchive}' is another one, {now} instead of {_identity}";
        }
        catch (EventStreamException answer) when (answer.IsTopicMissing)
        {
            return $"it has no topic '{TopicNames.TickArchive}'";
        }
        catch (EventStreamException)
        {
            // It is away, and may have all that it had.
            return null;
        }
    }

    /// <exception cref="CollectorException">There is another archive, into which our records must not go.</exception>
    /// <exception cref="EventStreamException">The event hub does not answer, or did not make it.</exception>
    public async Task MakeAnewAsync(CancellationToken cancellationToken)
    {
        var made = await ArchiveTopics.EnsureAsync(hub, logger, TopicTime, time, cancellationToken);
        await mark.CheckAsync(feed, cancellationToken);
        if (made != partitions)
        {
            throw new CollectorException(
                $"The archive at {hub} has {made} partitions, and had {partitions}: what waits was packed for those. "
                + "Start the collector anew; its spool is kept.");
        }

        _identity = await StreamIdentity.ResolveAsync(hub, TopicNames.TickArchive, NullLogger.Instance, AnswerTime, cancellationToken);
    }
}
