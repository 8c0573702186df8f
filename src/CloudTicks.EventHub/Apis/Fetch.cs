using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Apis;

/// <summary>One fetch in progress: its request, and the partitions of the request or of its session.</summary>
internal sealed record Fetch(FetchRequest Request, IReadOnlyList<FetchPartition> Partitions)
{
    /// <summary>The bytes that are still missing for a response.</summary>
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

        var plenty = isFull ? 0 : Math.Min(FetchPace.LargeResponseBytes, Request.MaxBytes) - bytes;
        return new FetchSupply(Math.Min(Request.MinBytes, Request.MaxBytes) - bytes, plenty);
    }

    /// <summary>The bytes that can be read now. Each partition is queried once.</summary>
    /// <returns>The number of bytes, at most what the request allows; and true when a limit reduced it: the first batch may then
    /// be larger than this number.</returns>
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

    /// <summary>The size of the first batch, which is sent even when it exceeds the bounds; 0 when no batch is available.</summary>
    public int FirstBatchBytes => Partitions
        .Where(p => !p.HasError).Select(p => p.Log!.Reader.BatchBytes(p.Position.Offset)).FirstOrDefault(static bytes => bytes > 0);
}

/// <summary>What is available for a fetch at one moment.</summary>
/// <param name="Wanted">Bytes that are still needed to reach the client's minimum; 0 or less when it is reached, or when a partition has an
/// error.</param>
/// <param name="WantedForLarge">Bytes that are still needed for a response so large that it is sent regardless of the pace.</param>
internal readonly record struct FetchSupply(long Wanted, long WantedForLarge)
{
    /// <param name="allowed">True when the pace of the connection allows a response.</param>
    public bool IsReady(bool allowed) => Wanted <= 0 && (allowed || WantedForLarge <= 0);
}
