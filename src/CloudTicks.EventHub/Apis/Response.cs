using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>One response: the body that its API wrote, and record batches that are sent without a copy.</summary>
internal sealed class Response : IDisposable
{
    /// <summary>Maximum bytes of a response, not counting fetched records: a small request can cause a large response.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const int FrameLengthBytes = 4;
    private readonly List<(int At, FetchedRecords Records)> _records = [];
    private readonly List<MemoryGrant> _grants = [];

    public Response(Request request)
    {
        Body.WriteInt32(0);
        Body.WriteInt32(request.CorrelationId);
        Body.IsFlexible = request.IsFlexible;
        if (request.Key != (short)ApiKey.ApiVersions)
        {
            Body.EndStruct(); // tagged fields of the header; ApiVersions has none, because the client does not know the versions yet
        }
    }

    public WireWriter Body { get; } = new(MaxBytes);

    /// <summary>True when no response is sent, because the client requested acks 0.</summary>
    public bool Silent { get; set; }

    /// <summary>The batches that must be durable before the response is sent.</summary>
    public ProduceRound? Round { get; set; }

    /// <summary>The response to the connection's next request; null until that request has arrived.</summary>
    public Response? Next { get; set; }

    /// <summary>True when the next response is ready, so that both can be sent in one write.</summary>
    public bool IsNextReady => Next is { Round.IsDone: true };

    /// <summary>Bytes of the request's batches that were refused before they reached the log.</summary>
    public long RefusedBytes { get; set; }

    /// <summary>Writes a byte field with the content of <paramref name="records"/>, which the response disposes after the send.</summary>
    public void WriteRecords(FetchedRecords records)
    {
        Body.WriteBytesLength(records.Length);
        if (records.Length > 0)
        {
            _records.Add((Body.Length, records));
        }
    }

    /// <summary>The memory grants of the response.</summary>
    public IReadOnlyList<MemoryGrant> Grants => _grants;

    /// <summary>Keeps a memory grant until the response is disposed.</summary>
    public void Hold(MemoryGrant grant) => _grants.Add(grant);

    /// <summary>The size of the frame in bytes; 0 until <see cref="BuildFrame"/> is called.</summary>
    public long FrameBytes { get; private set; }

    /// <summary>The frame in pieces, in order; valid until the response is disposed.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> BuildFrame()
    {
        Body.EndStruct();
        FrameBytes = Body.Length + _records.Sum(static r => (long)r.Records.Length);
        Body.PatchInt32(0, checked((int)(FrameBytes - FrameLengthBytes)));
        var pieces = new List<ReadOnlyMemory<byte>>((2 * _records.Count) + 1);
        var from = 0;
        foreach (var (at, records) in _records)
        {
            pieces.Add(Body.Written[from..at]);
            pieces.Add(records.Bytes);
            from = at;
        }

        if (from < Body.Length)
        {
            pieces.Add(Body.Written[from..]);
        }

        return pieces;
    }

    public void Dispose()
    {
        Next = null;
        Body.Dispose();
        foreach (var (_, records) in _records)
        {
            records.Dispose();
        }

        _records.Clear();
        _grants.ForEach(static grant => grant.Dispose());
        _grants.Clear();
    }
}
