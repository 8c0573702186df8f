using CloudTicks.Collection.Feeds;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.EventHub;

/// <summary>Detects that the event hub has lost the archive, and creates it again in the same way as on the first start.</summary>
internal sealed class LostArchive(
    EventStreamConnection hub, FeedName feed, int partitions, FeedMark mark, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan IdentityTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TopicTimeout = TimeSpan.FromSeconds(10);

    private string? _identity;

    /// <summary>The identity of the archive's stream; null while unknown.</summary>
    public string? Identity => _identity;

    /// <summary>Compares the archive's stream with <see cref="Identity"/>, which the first successful call sets.</summary>
    /// <returns>Why the archive counts as lost; null when the stream is the same, or the event hub does not answer.</returns>
    public async Task<string?> FindLossAsync(CancellationToken cancellationToken)
    {
        try
        {
            var id = await StreamIdentity.ResolveAsync(
                hub, TopicNames.TickArchive, NullLogger.Instance, IdentityTimeout, cancellationToken);
            return id == (_identity ??= id) ? null : $"topic '{TopicNames.TickArchive}' is another stream, {id} instead of {_identity}";
        }
        catch (EventStreamException exception) when (exception.IsTopicMissing)
        {
            return $"it has no topic '{TopicNames.TickArchive}'";
        }
        catch (EventStreamException)
        {
            // An unavailable event hub may still have the archive.
            return null;
        }
    }

    /// <exception cref="CollectorException">Another archive exists, which must not receive this collector's records.</exception>
    /// <exception cref="EventStreamException">The event hub does not answer, or did not create the topic.</exception>
    public async Task RecreateAsync(CancellationToken cancellationToken)
    {
        var created = await ArchiveTopics.EnsureAsync(hub, logger, TopicTimeout, time, cancellationToken);
        await mark.CheckAsync(feed, cancellationToken);
        if (created != partitions)
        {
            throw new CollectorException(
                $"The archive at {hub} has {created} partitions instead of {partitions}, for which the waiting records were packed. "
                + "Restart the collector; its spool is kept.");
        }

        _identity = await StreamIdentity.ResolveAsync(hub, TopicNames.TickArchive, NullLogger.Instance, IdentityTimeout, cancellationToken);
    }
}
