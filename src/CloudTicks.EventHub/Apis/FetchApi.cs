using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// Fetch, key 1, versions 4 to 12. Waits until enough bytes are there, an error is, or the time is up. Sessions are declined: the session
/// id is always 0, and a client that names another one is told to begin anew.
/// </summary>
internal sealed class FetchApi(BrokerNode broker) : Api(ApiKey.Fetch, 4, 12, firstFlexible: 12)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var fetch = Read(request);
        if (fetch.SessionId != 0)
        {
            WriteHeader(response.Body, request.Version, ErrorCode.FetchSessionIdNotFound);
            response.Body.WriteArrayLength(0);
            return;
        }

        var began = broker.Time.GetTimestamp();
        await WaitAsync(fetch, began, cancellationToken);

        // The bytes are counted from before they are read until they are sent; the response gives them back.
        var budget = Math.Min(fetch.MaxBytes, fetch.Available);
        await broker.Fetches.TakeAsync(budget, cancellationToken);
        response.OnDispose(() => broker.Fetches.Release(budget));
        if (!Write(response, request.Version, fetch) && fetch.Wait - broker.Time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            // What is there is damaged to the end: a client that asks again at once must not spin on it.
            await Task.Delay(left, broker.Time, cancellationToken);
        }
    }

    private FetchRequest Read(Request request)
    {
        var version = request.Version;
        var reader = request.Reader();
        reader.ReadInt32(); // replica id
        var wait = TimeSpan.FromMilliseconds(Math.Max(reader.ReadInt32(), 0));
        var minBytes = reader.ReadInt32();
        var maxBytes = Math.Clamp(reader.ReadInt32(), 0, broker.Options.MaxFetchBytes);
        reader.ReadInt8(); // isolation: without transactions both levels are one
        var session = version >= 7 ? reader.ReadInt32() : 0;
        if (version >= 7)
        {
            reader.ReadInt32(); // session epoch
        }

        var topics = new List<(string, List<FetchPartition>)>();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            var name = reader.ReadString();
            var partitions = new List<FetchPartition>();
            for (var number = reader.ReadArrayLength(16); number > 0; number--)
            {
                var index = reader.ReadInt32();
                if (version >= 9)
                {
                    reader.ReadInt32(); // leader epoch
                }

                var offset = reader.ReadInt64();
                if (version >= 12)
                {
                    reader.ReadInt32(); // epoch of the last record
                }

                if (version >= 5)
                {
                    reader.ReadInt64(); // log start, of followers
                }

                partitions.Add(new FetchPartition(
                    index, offset, Math.Max(reader.ReadInt32(), 0), broker.Storage.Topics.FindPartition(name, index)));
                reader.EndStruct();
            }

            reader.EndStruct();

            topics.Add((name, partitions));
        }

        return new FetchRequest(wait < LongestWait ? wait : LongestWait, minBytes, maxBytes, session, topics);
    }

    private async Task WaitAsync(FetchRequest fetch, long began, CancellationToken cancellationToken)
    {
        var missing = fetch.Missing();
        if (missing <= 0 || fetch.Wait == TimeSpan.Zero)
        {
            return;
        }

        var watched = fetch.Partitions.Select(p => p.Log).OfType<PartitionLog>().Distinct().ToList();
        while (missing > 0 && fetch.Wait - broker.Time.GetElapsedTime(began) is var left && left > TimeSpan.Zero)
        {
            var waiter = new FetchWaiter(missing);
            watched.ForEach(log => log.Watch(waiter));
            try
            {
                missing = fetch.Missing(); // what was appended before the watch began
                if (missing > 0)
                {
                    await WaitAsync(waiter, left, cancellationToken);
                    missing = fetch.Missing();
                }
            }
            finally
            {
                watched.ForEach(log => log.Unwatch(waiter));
            }
        }
    }

    private async Task WaitAsync(FetchWaiter waiter, TimeSpan longest, CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(waiter.Enough, Task.Delay(longest, broker.Time, woken.Token));
        cancellationToken.ThrowIfCancellationRequested();
        await woken.CancelAsync();
    }

    /// <summary>Writes the answer; false when there was neither a record nor an error to tell.</summary>
    private bool Write(Response response, short version, FetchRequest fetch)
    {
        var body = response.Body;
        WriteHeader(body, version, ErrorCode.None);
        var left = fetch.MaxBytes;
        var anyRead = false;
        var anyError = false;
        body.WriteArray(fetch.Topics, (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteArray(topic.Partitions, (w, partition) =>
            {
                var error = partition.Error(broker.Storage.Topics, topic.Name);
                var records = error != ErrorCode.None || left == 0
                    ? FetchedRecords.Empty
                    : partition.Log!.Reader.Read(partition.Offset, Math.Min(partition.MaxBytes, left), atLeastOne: !anyRead);
                if (records.Length > 0 && broker.Metrics.CountsFetched)
                {
                    broker.Metrics.Fetched(records.CountRecords());
                }

                anyRead |= records.Length > 0;
                anyError |= error != ErrorCode.None;
                left = Math.Max(left - records.Length, 0);
                w.WriteInt32(partition.Index);
                w.WriteError(error);
                var highWatermark = partition.Log?.HighWatermark ?? -1;
                w.WriteInt64(highWatermark);
                w.WriteInt64(highWatermark); // last stable offset
                if (version >= 5)
                {
                    w.WriteInt64(partition.Log?.LogStart ?? -1);
                }

                w.WriteArrayLength(0); // no aborted transactions
                if (version >= 11)
                {
                    w.WriteInt32(-1); // no preferred replica
                }

                response.WriteRecords(records);
            });
        });
        return anyRead || anyError;
    }

    private static void WriteHeader(WireWriter body, short version, ErrorCode error)
    {
        body.WriteInt32(0);
        if (version >= 7)
        {
            body.WriteError(error);
            body.WriteInt32(0); // session id
        }
    }
}
