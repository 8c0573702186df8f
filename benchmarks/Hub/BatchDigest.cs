using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>A digest of each partition's batches, in order, without the fields that a broker fills in.</summary>
internal sealed class BatchDigest : IDisposable
{
    /// <summary>The length of the leading fields that are not digested: base offset, batch length and leader epoch.</summary>
    private const int BrokerFieldBytes = 16;

    private readonly IncrementalHash[] _partitions;
    private long _batches;
    private long _bytes;

    public BatchDigest(int partitions) =>
        _partitions = [.. Enumerable.Range(0, partitions).Select(_ => IncrementalHash.CreateHash(HashAlgorithmName.SHA256))];

    /// <summary>The digest of batches that are distributed to partitions in turn.</summary>
    public static string Of(IEnumerable<ReadOnlyMemory<byte>> batches, int partitions)
    {
        using var digest = new BatchDigest(partitions);
        var index = 0;
        foreach (var batch in batches)
        {
            digest.Add(index++ % partitions, batch.Span);
        }

        return digest.Finish();
    }

    public static int LengthOf(ReadOnlySpan<byte> batch) => 12 + BinaryPrimitives.ReadInt32BigEndian(batch[8..]);

    public void Add(int partition, ReadOnlySpan<byte> batch)
    {
        _partitions[partition].AppendData(batch[BrokerFieldBytes..]);
        _batches++;
        _bytes += batch.Length;
    }

    public string Finish()
    {
        var hash = SHA256.HashData([.. _partitions.SelectMany(partition => partition.GetCurrentHash())]);
        return string.Create(
            CultureInfo.InvariantCulture, $"{_bytes:N0} B in {_batches:N0} batches, SHA-256 {Convert.ToHexStringLower(hash.AsSpan(0, 8))}");
    }

    public void Dispose() => Array.ForEach(_partitions, partition => partition.Dispose());
}
