using CloudTicks.EventHub.Partitions;

namespace CloudTicks.EventHub.Apis;

/// <summary>One fetch in progress: its request, and the partitions of the request or of its session.</summary>
internal sealed record Fetch(FetchRequest Request, IReadOnlyList<FetchPartition> Partitions)
{
    /// <summary>Measures how many bytes are still missing for a response.</summary>
    public FetchShortfall MeasureShortfall()
    {
        var (bytes, isFull) = (0L, false);
        foreach (var partition in Partitions)
        {
            if (partition.HasError)
            {
                return new FetchShortfall(0, 0);
            }

            var available = partition.Available;
            bytes += available;
            isFull |= available >= partition.MaxBytes;
        }

        var missingForLarge = isFull ? 0 : Math.Min(FetchPace.MinLargeResponseBytes, Request.MaxBytes) - bytes;
        return new FetchShortfall(Math.Min(Request.MinBytes, Request.MaxBytes) - bytes, missingForLarge);
    }

    /// <summary>The bytes that can be read now. Each partition is queried once.</summary>
    /// <returns>
    /// Bytes: the number of bytes, at most what the request allows. IsCut: true when a byte limit of the request was reached; the first
    /// batch may then be larger than Bytes.
    /// </returns>
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

    /// <summary>The size of the first batch, which is sent even when it exceeds the byte limits; 0 when no batch is available.</summary>
    public int FirstBatchBytes => Partitions
        .Where(p => !p.HasError).Select(p => p.Log!.Reader.BatchBytes(p.Position.Offset)).FirstOrDefault(static bytes => bytes > 0);
}

/// <summary>The bytes that a fetch still lacks at one moment.</summary>
/// <param name="Missing">
/// Bytes that are still needed to reach the client's minimum; 0 or less when the minimum is reached, or when a partition has an error.
/// </param>
/// <param name="MissingForLarge">Bytes that are still needed for a response so large that it is sent regardless of the pace.</param>
internal readonly record struct FetchShortfall(long Missing, long MissingForLarge)
{
    /// <param name="allowed">True when the pace of the connection allows a response.</param>
    public bool IsReady(bool allowed) => Missing <= 0 && (allowed || MissingForLarge <= 0);
}
