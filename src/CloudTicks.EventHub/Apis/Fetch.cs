using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Apis;

/// <summary>One fetch on its way: its request, and the partitions that it, or its session, names.</summary>
internal sealed record Fetch(FetchRequest Request, IReadOnlyList<FetchPartition> Partitions)
{
    /// <summary>What there is to answer now.</summary>
    public FetchSupply Supply()
    {
        var (bytes, isFull) = (0L, false);
        foreach (var partition in Partitions)
        {
            if (partition.HasError)
            {
                return new FetchSupply(0, 0);
            }

            var available = partition.Available;
            bytes += available;
            isFull |= available >= partition.MaxBytes;
        }

        var plenty = isFull ? 0 : Math.Min(FetchPace.Plenty, Request.MaxBytes) - bytes;
        return new FetchSupply(Math.Min(Request.MinBytes, Request.MaxBytes) - bytes, plenty);
    }

    /// <summary>What there is to read now; each partition is looked into once.</summary>
    /// <returns>Bytes, at most what was asked for; and whether there is more, of which a first batch may be larger than that.</returns>
    public (int Bytes, bool IsCut) Available()
    {
        var (bytes, isCut) = (0L, false);
        foreach (var partition in Partitions)
        {
            var available = partition.Available;
            bytes += available;
            isCut |= available >= partition.Position.MaxBytes;
        }

        return ((int)Math.Min(bytes, Request.MaxBytes), isCut || bytes > Request.MaxBytes);
    }

    /// <summary>The size of the first batch that it asks for, which is answered however large; 0 when there is none.</summary>
    public int FirstBatchBytes => Partitions
        .Where(p => !p.HasError).Select(p => p.Log!.Reader.BatchBytes(p.Position.Offset)).FirstOrDefault(static bytes => bytes > 0);
}

/// <summary>What there is for a fetch at one moment.</summary>
/// <param name="Wanted">Bytes that are missing to the least that the client wants; none when a partition has an error.</param>
/// <param name="Plenty">Bytes that are missing until the answer is worth a wake-up whenever the last one was.</param>
internal readonly record struct FetchSupply(long Wanted, long Plenty)
{
    /// <param name="allowed">The connection's pace allows an answer.</param>
    public bool IsReady(bool allowed) => Wanted <= 0 && (allowed || Plenty <= 0);
}
