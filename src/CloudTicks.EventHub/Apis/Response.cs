using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>One response: what its API wrote, and record batches sent without a copy.</summary>
internal sealed class Response : IDisposable
{
    /// <summary>An answer is not larger, fetched records aside: small requests can ask for much, some of it repeatedly.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    private const int FrameLengthBytes = 4;
    private readonly List<(int At, FetchedRecords Records)> _records = [];
    private readonly List<HeldMemory> _held = [];

    public Response(Request request)
    {
        Body.WriteInt32(0);
        Body.WriteInt32(request.CorrelationId);
        Body.IsFlexible = request.IsFlexible;
        if (request.Key != (short)ApiKey.ApiVersions)
        {
            Body.EndStruct(); // the header's tagged fields; whoever asks for the versions cannot know yet that there are any
        }
    }

    public WireWriter Body { get; } = new(MostBytes);

    /// <summary>True for acks 0: nothing is sent.</summary>
    public bool Silent { get; set; }

    /// <summary>What must be durable before it is sent.</summary>
    public ProduceRound? Round { get; set; }

    /// <summary>The answer behind it, once its request is here.</summary>
    public Response? Next { get; set; }

    /// <summary>True when the answer behind it can leave as soon as it can itself.</summary>
    public bool IsFollowed => Next is { Round.IsDone: true };

    /// <summary>Bytes of the request's batches that were refused before they went to the log.</summary>
    public long RefusedBytes { get; set; }

    /// <summary>Writes a byte field whose content is <paramref name="records"/>; the response disposes of them when it was sent.</summary>
    public void WriteRecords(FetchedRecords records)
    {
        Body.WriteBytesLength(records.Length);
        if (records.Length > 0)
        {
            _records.Add((Body.Length, records));
        }
    }

    /// <summary>What it holds in memory, where that is counted.</summary>
    public IReadOnlyList<HeldMemory> Held => _held;

    /// <summary>Counts memory until the response has been sent, or will not be.</summary>
    public void Hold(HeldMemory held) => _held.Add(held);

    /// <summary>Bytes of the frame; 0 before it was made.</summary>
    public long FrameBytes { get; private set; }

    /// <summary>The frame in pieces, in order; valid until the response is disposed of.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Frame()
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
        _held.ForEach(static held => held.Dispose());
        _held.Clear();
    }
}
