using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>
/// A minimal Kafka client on one connection and the caller's thread. It sends prepared batches, so that it costs almost nothing itself.
/// </summary>
internal sealed class WireClient : IDisposable
{
    private const short Produce = 0;
    private const short FetchApi = 1;
    private const short CreateTopics = 19;
    private const short DescribeLogDirs = 35;
    private const int TimeoutMs = 60_000;
    private const int FetchBytes = 8 * 1024 * 1024;

    private readonly TcpClient _tcp = new() { NoDelay = true, ReceiveTimeout = TimeoutMs, SendTimeout = TimeoutMs };
    private readonly Stream _responses;
    private readonly byte[] _length = new byte[4];

    public WireClient(IPEndPoint hub)
    {
        _tcp.Connect(hub);
        _responses = new BufferedStream(_tcp.GetStream(), 64 * 1024);
    }

    public void CreateTopic(string topic, int partitions)
    {
        Send(new WireRequest(CreateTopics, 1).Int32(1).Text(topic).Int32(partitions).Int16(1).Int32(0).Int32(0).Int32(TimeoutMs).Int8(0),
            []);
        Check(Receive(), 4 + 4 + 2 + topic.Length, $"creating {topic}");
    }

    /// <summary>Sends a produce request with acks=all, without waiting for the response.</summary>
    public void SendBatch(string topic, int partition, byte[] batch) => Send(
        new WireRequest(Produce, 7).Int16(-1).Int16(-1).Int32(TimeoutMs).Int32(1).Text(topic).Int32(1).Int32(partition).Int32(batch.Length),
        batch);

    /// <summary>Receives the next response to <see cref="SendBatch"/>.</summary>
    public void ReceiveAcknowledgement(string topic) => Check(Receive(), 4 + 4 + 2 + topic.Length + 4 + 4, $"producing to {topic}");

    /// <summary>
    /// Fetches batches starting at an offset. The last one may be truncated; the result is empty at the end of the partition.
    /// </summary>
    public ReadOnlySpan<byte> Fetch(string topic, int partition, long offset)
    {
        var request = new WireRequest(FetchApi, 7).Int32(-1).Int32(0).Int32(0).Int32(FetchBytes).Int8(0).Int32(0).Int32(-1);
        Send(request.Int32(1).Text(topic).Int32(1).Int32(partition).Int64(offset).Int64(-1).Int32(FetchBytes).Int32(0), []);
        var response = Receive();
        var error = 4 + 4 + 2 + 4 + 4 + 2 + topic.Length + 4 + 4;
        Check(response, error, $"reading {topic}");
        return response.AsSpan(error + 2 + 8 + 8 + 8 + 4 + 4);
    }

    /// <summary>The total length of a topic's record batches, bytes.</summary>
    public long BytesOf(string topic, int partitions)
    {
        var request = new WireRequest(DescribeLogDirs, 0).Int32(1).Text(topic).Int32(partitions);
        for (var partition = 0; partition < partitions; partition++)
        {
            request.Int32(partition);
        }

        Send(request, []);
        var response = Receive();
        const int error = 4 + 4 + 4;
        Check(response, error, $"describing {topic}");
        var sizesAt = error + 2 + 2 + BinaryPrimitives.ReadInt16BigEndian(response.AsSpan(error + 2)) + 4 + 2 + topic.Length + 4;
        return Enumerable.Range(0, partitions)
            .Sum(partition => BinaryPrimitives.ReadInt64BigEndian(response.AsSpan(sizesAt + (partition * (4 + 8 + 8 + 1)) + 4)));
    }

    public void Dispose()
    {
        _responses.Dispose();
        _tcp.Dispose();
    }

    private static void Check(byte[] response, int errorAt, string operation)
    {
        var error = BinaryPrimitives.ReadInt16BigEndian(response.AsSpan(errorAt));
        if (error != 0)
        {
            throw new BenchmarkException($"The hub returned error {error} when {operation}.");
        }
    }

    private void Send(WireRequest request, byte[] tail)
    {
        var parts = new List<ArraySegment<byte>> { request.Finish(tail.Length), tail };
        var unsentBytes = parts.Sum(part => part.Count) - _tcp.Client.Send(parts);
        if (unsentBytes > 0)
        {
            throw new BenchmarkException($"The connection to the hub did not accept the last {unsentBytes} B of a request.");
        }
    }

    private byte[] Receive()
    {
        _responses.ReadExactly(_length);
        var response = new byte[BinaryPrimitives.ReadInt32BigEndian(_length)];
        _responses.ReadExactly(response);
        return response;
    }
}
