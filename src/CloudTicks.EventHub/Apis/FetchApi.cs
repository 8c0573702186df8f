using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// Fetch, key 1, versions 4 to 12. The response is sent when all partitions together have enough bytes and the connection's
/// <see cref="FetchPace"/> allows it, when a partition has an error, or when the client's maximum wait ends. Versions 7 and later support
/// sessions.
/// </summary>
internal sealed class FetchApi(BrokerNode broker) : Api(ApiKey.Fetch, 4, 12, firstFlexible: 12)
{
    private readonly FetchSessions _sessions = new(broker.Time);

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var fetchRequest = FetchRequest.Read(request, broker.Options.MaxFetchBytes);
        var refusal = _sessions.Continue(fetchRequest, out var session, out var positions);
        if (refusal != ErrorCode.None)
        {
            Write(response, request.Version, refusal, FetchSession.None, []);
            return;
        }

        var startedAt = broker.Time.GetTimestamp();
        var pace = request.Session.FetchPace ??= new FetchPace(broker.Time);
        var fetch = new Fetch(
            fetchRequest, [.. positions.Select(p => new FetchPartition(p, broker.Storage.Topics.FindPartition(p.Topic, p.Partition)))]);
        await WaitAsync(fetch, pace, startedAt, cancellationToken);

        // The memory is granted before the read and released after the send. When memory is scarce the response has fewer bytes instead of
        // waiting for other clients; only a batch that is larger than the grant waits.
        var (available, isCut) = fetch.Available();
        var memoryGrant = request.Session.Memory.Fetches.Grant(available, broker.Options.MaxFetchBytes);
        response.Hold(memoryGrant);
        if ((memoryGrant.Granted < available || isCut) && fetch.FirstBatchBytes is var first && first > memoryGrant.Granted)
        {
            await memoryGrant.ReplaceAsync(first, cancellationToken);
        }

        var maxBytes = Math.Min(fetch.Request.MaxBytes, memoryGrant.Granted);
        var results = maxBytes > HeavyWork.ThresholdBytes ? await ReadInBackgroundAsync(fetch, maxBytes) : ReadRecords(fetch, maxBytes);
        if (results.Exists(a => a.Records.Length > 0))
        {
            pace.ResponseSent();
        }
        else if (results.Count > 0 && results.TrueForAll(a => a.Error == ErrorCode.None)
            && RemainingWait(fetch, startedAt) is { Ticks: > 0 } left)
        {
            // All remaining records are damaged. Without a delay, a client that fetches again at once would spin.
            await Task.Delay(left, broker.Time, cancellationToken);
        }

        var error = session?.RemoveUnchanged(fetchRequest.SessionEpoch, results) ?? ErrorCode.None;
        var id = session?.Id ?? (fetchRequest.SessionEpoch == FetchSession.InitialEpoch ? _sessions.Open(results) : FetchSession.None);
        Write(response, request.Version, error, id, results);
    }

    private async Task WaitAsync(Fetch fetch, FetchPace pace, long startedAt, CancellationToken cancellationToken)
    {
        var shortfall = fetch.MeasureShortfall();
        if (shortfall.IsReady(broker.Time.GetTimestamp() >= pace.NextResponseAt) || fetch.Partitions.Count == 0)
        {
            return;
        }

        var watchedLogs = fetch.Partitions.Select(p => p.Log).OfType<PartitionLog>().Distinct().ToList();
        do
        {
            if (RemainingWait(fetch, startedAt) is not { Ticks: > 0 } left)
            {
                return;
            }

            using var waiter = new FetchWaiter(pace.NextResponseAt, left, broker.Time);
            watchedLogs.ForEach(log => log.Watch(waiter));
            try
            {
                shortfall = fetch.MeasureShortfall();
                await waiter.WaitAsync(shortfall.Missing, shortfall.MissingForLarge, cancellationToken);
                shortfall = fetch.MeasureShortfall();
            }
            finally
            {
                watchedLogs.ForEach(log => log.Unwatch(waiter));
            }
        }
        while (shortfall.Missing > 0);
    }

    private TimeSpan RemainingWait(Fetch fetch, long startedAt) => fetch.Request.Wait - broker.Time.GetElapsedTime(startedAt);

    private Task<List<FetchPartitionResponse>> ReadInBackgroundAsync(Fetch fetch, int left) =>
        broker.Heavy.StartAsync(() => ReadRecords(fetch, left));

    /// <summary>Reads the partitions in order until the response is full.</summary>
    private List<FetchPartitionResponse> ReadRecords(Fetch fetch, int left)
    {
        var results = new List<FetchPartitionResponse>(fetch.Partitions.Count);
        var anyRead = false;
        foreach (var partition in fetch.Partitions)
        {
            var error = partition.Error(broker.Storage.Topics);
            var records = error != ErrorCode.None || left == 0
                ? FetchedRecords.Empty
                : partition.Log!.Reader.Read(
                    partition.Position.Offset, Math.Min(partition.Position.MaxBytes, left), atLeastOne: !anyRead);
            if (records.Length > 0 && broker.Metrics.IsFetchedEnabled)
            {
                broker.Metrics.Fetched(records.CountRecords());
            }

            anyRead |= records.Length > 0;
            left = Math.Max(left - records.Length, 0);
            results.Add(new FetchPartitionResponse(
                partition.Position, error, records, partition.Log?.HighWatermark ?? -1, partition.Log?.LogStart ?? -1));
        }

        return results;
    }

    private static void Write(Response response, short version, ErrorCode error, int session, List<FetchPartitionResponse> results)
    {
        var body = response.Body;
        body.WriteInt32(0);
        if (version >= 7)
        {
            body.WriteError(error);
            body.WriteInt32(session);
        }

        body.WriteArray(GroupByTopic(results), (w, topic) =>
        {
            w.WriteString(topic[0].Position.Topic);
            w.WriteArray(topic, (w, result) =>
            {
                w.WriteInt32(result.Position.Partition);
                w.WriteError(result.Error);
                w.WriteInt64(result.HighWatermark);
                w.WriteInt64(result.HighWatermark); // last stable offset
                if (version >= 5)
                {
                    w.WriteInt64(result.LogStart);
                }

                w.WriteArrayLength(0); // no aborted transactions
                if (version >= 11)
                {
                    w.WriteInt32(-1); // no preferred replica
                }

                response.WriteRecords(result.Records);
            });
        });
    }

    private static List<List<FetchPartitionResponse>> GroupByTopic(List<FetchPartitionResponse> results)
    {
        var topics = new List<List<FetchPartitionResponse>>();
        foreach (var result in results)
        {
            if (topics is [.., var last] && last[0].Position.Topic == result.Position.Topic)
            {
                last.Add(result);
            }
            else
            {
                topics.Add([result]);
            }
        }

        return topics;
    }
}
