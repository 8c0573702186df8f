using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Storage;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Lake.Retaining;

/// <summary>
/// If <see cref="LakeOptions.ArchiveRetentionDays"/> is set, drops old records of the archive that are proved to be in the lake and that
/// all consumers have committed. The caller holds the lake's lock, so that no repair runs between the check and the deletion.
/// </summary>
internal sealed class ArchiveRetention(
    ILakeStore store, StreamPositions positions, TopicTrimmer topicTrimmer, LakeOptions options, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private static readonly string[] Groups = [ConsumerGroups.Timescale, ConsumerGroups.Nats, ConsumerGroups.Lake];

    private long? _checkedAt;
    private bool _isAbsenceLogged;

    /// <summary>Drops the records that are due. It does nothing if it ran less than an hour ago.</summary>
    /// <param name="stream">The identity of the archive's stream.</param>
    /// <exception cref="EventStreamException">The event hub does not answer, or does not support deleting records.</exception>
    /// <exception cref="IOException">The store cannot be read.</exception>
    public async Task DropAsync(string stream, CancellationToken cancellationToken)
    {
        if (options.ArchiveRetentionDays is not { } days || (_checkedAt is { } at && time.GetElapsedTime(at) < Interval))
        {
            return;
        }

        _checkedAt = time.GetTimestamp();
        var watermarks = await positions.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken);
        var catalog = await LakeCatalog.ReadAsync(store, cancellationToken);
        var proved = ProvedRecords.FindEnds(catalog, await LakeProof.ReadAsync(store, cancellationToken), stream, watermarks);
        if (proved.Count == 0)
        {
            if (!_isAbsenceLogged)
            {
                _isAbsenceLogged = true;
                logger.NothingProved(days);
            }

            return;
        }

        var cutoff = time.GetUtcNow() - TimeSpan.FromDays(days);
        var share = await topicTrimmer.TrimAsync(
            TopicNames.TickArchive, Groups, cutoff.ToUnixTimeMilliseconds(), proved, cancellationToken);
        if (share > 0)
        {
            _isAbsenceLogged = false;
            logger.ArchiveDropped(share, cutoff, days);
        }
    }
}
