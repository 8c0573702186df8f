using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>Produces the batches to a new topic of the event hub, until the last one is acknowledged.</summary>
/// <param name="client">A connection to the event hub.</param>
/// <param name="packed">The batches.</param>
/// <param name="partitions">The number of partitions of the topic.</param>
/// <param name="inFlight">The maximum number of unacknowledged batches.</param>
/// <param name="expected">The expected digest of the topic.</param>
internal sealed class HubSide(WireClient client, PackedBatches packed, int partitions, int inFlight, string expected)
{
    private const int BaseOffsetBytes = 8;
    private const int LastOffsetDeltaAt = 23;

    private int _passes;

    public Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        var topic = string.Create(CultureInfo.InvariantCulture, $"pass-{++_passes}");
        client.CreateTopic(topic, partitions);
        SystemCalls.FlushAll();
        var elapsed = Produce(topic, cancellationToken);
        var found = ReadBack(topic, cancellationToken);
        return found == expected
            ? Task.FromResult(new Pass(packed.Ticks, elapsed))
            : throw new BenchmarkException($"The hub holds {found}, but {expected} were produced.");
    }

    private TimeSpan Produce(string topic, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < packed.Batches.Count + inFlight; sent++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (sent >= inFlight && sent - inFlight < packed.Batches.Count)
            {
                client.ReceiveAcknowledgement(topic);
            }

            if (sent < packed.Batches.Count)
            {
                client.SendBatch(topic, sent % partitions, packed.Batches[sent]);
            }
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private string ReadBack(string topic, CancellationToken cancellationToken)
    {
        using var digest = new BatchDigest(partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            var next = 0L;
            for (var fetched = client.Fetch(topic, partition, next); fetched.Length > 0; fetched = client.Fetch(topic, partition, next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                while (fetched.Length > LastOffsetDeltaAt && fetched.Length >= BatchDigest.LengthOf(fetched))
                {
                    var batch = fetched[..BatchDigest.LengthOf(fetched)];
                    digest.Add(partition, batch);
                    next = BinaryPrimitives.ReadInt64BigEndian(batch[..BaseOffsetBytes])
                        + BinaryPrimitives.ReadInt32BigEndian(batch[LastOffsetDeltaAt..]) + 1;
                    fetched = fetched[batch.Length..];
                }
            }
        }

        return digest.Finish();
    }
}
