using System.Buffers.Binary;
using CloudTicks.Benchmarks.Hub;

namespace CloudTicks.Benchmarks.Abuse.Abuses;

/// <summary>Clients that send requests of the maximum size as fast as possible, one after another.</summary>
internal static class LargeFrames
{
    private const int Clients = 4;
    private const int BatchBytes = 31 * 1024 * 1024 / AbuseTarget.AbusedPartitions;

    public static Task SendRefusedAsync(AbuseTarget target, CancellationToken cancellationToken) =>
        RunAsync(target, "missing", cancellationToken);

    public static Task SendAcceptedAsync(AbuseTarget target, CancellationToken cancellationToken) =>
        RunAsync(target, AbuseTarget.AbusedTopic, cancellationToken);

    private static Task RunAsync(AbuseTarget target, string topic, CancellationToken cancellationToken)
    {
        var frame = FrameOf(topic);
        return ReconnectingClients.RunThreadsAsync(
            Clients, (_, cancel) =>
            {
                using var client = target.Connect();
                client.Send(frame);
                while (!cancel.IsCancellationRequested)
                {
                    client.Send(frame);
                    client.Receive();
                }
            }, cancellationToken);
    }

    /// <summary>Builds one produce request with a batch for each partition.</summary>
    private static byte[] FrameOf(string topic)
    {
        var batch = HonestCalls.BatchOf(BatchBytes);
        var frame = new MemoryStream();
        frame.Write(new WireRequest(0, 7).Int16(-1).Int16(-1).Int32(60_000)
            .Int32(1).Text(topic).Int32(AbuseTarget.AbusedPartitions).Finish(0));
        for (var partition = 0; partition < AbuseTarget.AbusedPartitions; partition++)
        {
            var head = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(head, partition);
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), batch.Length);
            frame.Write(head);
            frame.Write(batch);
        }

        var bytes = frame.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - 4);
        return bytes;
    }
}
