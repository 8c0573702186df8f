using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// Produce, key 0, versions 3 to 8. Versions 0 to 2 are advertised because older versions of librdkafka disable compression without them,
/// but requests of these versions get error 35. Acks 1 and acks all are treated alike: a batch is acknowledged when it is flushed to disk.
/// </summary>
internal sealed class ProduceApi(BrokerNode broker) : Api(ApiKey.Produce, 0, 8)
{
    private const short FirstServedVersion = 3;

    public override bool Pipelined => true;

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var topics = new List<TopicBatches>();
        var round = new ProduceRound(request.Buffer);
        short acks;
        try
        {
            acks = Read(request, response, topics, round);
        }
        finally
        {
            round.Close();
        }

        response.Silent = acks == 0;
        response.Round = response.Silent ? null : round;
        await round.Completion;
        broker.Metrics.Acknowledged(topics.Sum(t => t.Batches.Sum(b => b.Acknowledged)));
        Write(response.Body, request.Version, topics);
    }

    /// <summary>Queues every batch for the log before the connection reads its next request.</summary>
    private short Read(Request request, Response response, List<TopicBatches> topics, ProduceRound round)
    {
        var body = request.Body;
        var start = request.Buffer.Bytes.Length - body.Length;
        var reader = new WireReader(body.Span);
        if (request.Version >= FirstServedVersion)
        {
            reader.ReadNullableString(); // transactional id
        }

        var acks = reader.ReadInt16();
        reader.ReadInt32(); // timeout: the response is sent after the flush
        var refusal = acks is < -1 or > 1 ? ErrorCode.InvalidRequiredAcks
            : request.Version < FirstServedVersion ? ErrorCode.UnsupportedVersion
            : ErrorCode.None;
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            var name = reader.ReadString();
            broker.Storage.Topics.Find(name, out var topic);
            var batches = new List<BatchOutcome>();
            for (var partitionCount = reader.ReadArrayLength(8); partitionCount > 0; partitionCount--)
            {
                var partition = reader.ReadInt32();
                var (at, length) = reader.SkipBytes();
                var bytes = request.Buffer.Bytes.Slice(start + at, length);
                batches.Add(refusal == ErrorCode.None
                    ? Append(topic, partition, bytes, round, request.Session.Batches)
                    : new BatchOutcome(partition, refusal, null, 0));
                response.RefusedBytes += batches[^1].Append is null ? length : 0;
            }

            topics.Add(new TopicBatches(name, batches));
        }

        return acks;
    }

    private BatchOutcome Append(Topic? topic, int partition, Memory<byte> bytes, ProduceRound round, LogSource source)
    {
        if (topic?.Partition(partition) is not { } log)
        {
            return new BatchOutcome(partition, ErrorCode.UnknownTopicOrPartition, null, 0);
        }

        var settings = topic.Settings;
        var error = RecordBatch.Check(bytes.Span, settings.MaxMessageBytes, out var batch);
        error = error == ErrorCode.None ? BatchContent.Check(batch, bytes, settings.MaxMessageBytes, settings.Compacts) : error;
        if (error != ErrorCode.None)
        {
            return new BatchOutcome(partition, error, null, 0);
        }

        long? appendTime = settings.LogAppendTime ? broker.Time.GetUtcNow().ToUnixTimeMilliseconds() : null;
        if (appendTime is not null || batch.HasBrokerBits)
        {
            RecordBatch.SetTime(bytes.Span, appendTime);
            _ = RecordBatch.TryRead(bytes.Span, out batch);
        }

        var append = new BatchAppend(topic, log, bytes, batch, round, broker.Storage.Appended, source);
        round.AddBatch();
        broker.Storage.Log.Enqueue(append);
        return new BatchOutcome(partition, ErrorCode.None, append, batch.Count, appendTime);
    }

    private void Write(WireWriter body, short version, List<TopicBatches> topics)
    {
        body.WriteArray(topics, (w, topic) =>
        {
            w.WriteString(topic.Name);
            w.WriteArray(topic.Batches, (w, batch) =>
            {
                w.WriteInt32(batch.Partition);
                w.WriteError(batch.Append?.Error ?? batch.Error);
                w.WriteInt64(batch.Append?.BaseOffset ?? -1);
                if (version >= 2)
                {
                    w.WriteInt64(batch.Acknowledged > 0 ? batch.AppendTime ?? -1 : -1); // -1: the producer's timestamps are kept
                }

                if (version >= 5)
                {
                    w.WriteInt64(broker.Storage.Topics.FindPartition(topic.Name, batch.Partition)?.LogStart ?? -1);
                }

                if (version >= 8)
                {
                    w.WriteInt32(0); // no per-record errors
                    w.WriteString(Reason(topic.Name, batch.Append?.Error ?? batch.Error));
                }
            });
        });
        if (version >= 1)
        {
            body.WriteInt32(0);
        }
    }

    private string? Reason(string topic, ErrorCode error) => error switch
    {
        ErrorCode.StorageError when broker.Storage.WriteProblem is { } problem => $"The event hub accepts no writes: {problem}.",
        ErrorCode.InvalidRecord when broker.Storage.Topics.Find(topic, out var found) && found.Settings.Compacts =>
            "Every record of a topic with cleanup.policy=compact must have a key.",
        _ => null,
    };

    private sealed record TopicBatches(string Name, List<BatchOutcome> Batches);

    private sealed record BatchOutcome(int Partition, ErrorCode Error, BatchAppend? Append, int Records, long? AppendTime = null)
    {
        public int Acknowledged => Append is { Error: ErrorCode.None } ? Records : 0;
    }
}
