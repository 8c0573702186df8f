using System.Runtime.InteropServices;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Benchmarks.Producing;

/// <summary>Each tick as a separate record, prepared in unmanaged memory, so that the other side only has to send it.</summary>
internal sealed unsafe class SingleTicks : IDisposable
{
    private readonly byte* _bytes;
    private readonly List<ulong>[] _identities;

    private SingleTicks(byte[] bytes, List<(long At, int Length)>[] places, List<ulong>[] identities)
    {
        _bytes = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        bytes.CopyTo(new Span<byte>(_bytes, bytes.Length));
        _identities = identities;
        Bytes = bytes.Length;
        Partitions = [.. places.Select(ticks => ticks.Select(tick => ((nint)(_bytes + tick.At), tick.Length)).ToArray())];
    }

    /// <summary>The total length of the records, bytes.</summary>
    public long Bytes { get; }

    /// <summary>The addresses of each partition's records, in order.</summary>
    public IReadOnlyList<(nint Address, int Length)[]> Partitions { get; }

    public static SingleTicks Of(TickFrames frames, int partitions)
    {
        var places = Enumerable.Range(0, partitions).Select(_ => new List<(long, int)>()).ToArray();
        var identities = Enumerable.Range(0, partitions).Select(_ => new List<ulong>()).ToArray();
        var builders = Enumerable.Range(0, partitions).Select(partition => new TickBatchBuilder(partition, TickSource.Live)).ToArray();
        var bytes = new MemoryStream();
        var reader = new FrameReader(frames.Market, new SymbolDictionary());
        Tick tick = default;
        foreach (var frame in frames.Frames)
        {
            reader.Open(frame, 0);
            while (reader.Read(ref tick) == ElementKind.Tick)
            {
                tick.ReceivedMs = tick.TimestampMs + TickPacker.TransitMs;
                var partition = tick.Symbol.PartitionOf(partitions);
                builders[partition].Add(tick);
                var record = builders[partition].ToRecord();
                builders[partition].Clear();
                places[partition].Add((bytes.Position, record.Length));
                identities[partition].Add(TickIdentity.Of(tick));
                bytes.Write(record);
            }
        }

        return new SingleTicks(bytes.ToArray(), places, identities);
    }

    /// <summary>The expected digest of a topic after all records were sent a number of times.</summary>
    public string Digest(int repeats)
    {
        var digest = new TickDigest(_identities.Length);
        for (var partition = 0; partition < _identities.Length; partition++)
        {
            foreach (var identity in Enumerable.Repeat(_identities[partition], repeats).SelectMany(all => all))
            {
                digest.Add(partition, identity);
            }
        }

        return digest.ToString();
    }

    public void Dispose() => NativeMemory.Free(_bytes);
}
