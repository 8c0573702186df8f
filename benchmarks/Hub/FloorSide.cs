using System.Diagnostics;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>The batches appended to one new file, with fdatasync behind each group of them.</summary>
/// <param name="folder">On the disk of the hub's data.</param>
/// <param name="packed">The batches.</param>
/// <param name="partitions">For the digest only.</param>
/// <param name="batchesPerFlush">Batches of a group.</param>
/// <param name="expected">The digest that the file is to have.</param>
internal sealed class FloorSide(string folder, PackedBatches packed, int partitions, int batchesPerFlush, string expected)
{
    public async Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var path = Path.Combine(folder, "floor");
        SystemCalls.FlushAll();
        var elapsed = Write(path);
        var found = BatchDigest.Of(Split(await File.ReadAllBytesAsync(path, cancellationToken)), partitions);
        File.Delete(path);
        return found == expected
            ? new Pass(packed.Ticks, elapsed)
            : throw new BenchmarkException($"The file holds {found}, but {expected} were written.");
    }

    private TimeSpan Write(string path)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var started = Stopwatch.GetTimestamp();
        var position = 0L;
        foreach (var group in packed.Batches.Chunk(batchesPerFlush))
        {
            RandomAccess.Write(file, [.. group.Select(batch => new ReadOnlyMemory<byte>(batch))], position);
            SystemCalls.FlushData(file);
            position += group.Sum(batch => (long)batch.Length);
        }

        return Stopwatch.GetElapsedTime(started);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> file)
    {
        for (; !file.IsEmpty; file = file[BatchDigest.LengthOf(file.Span)..])
        {
            yield return file[..BatchDigest.LengthOf(file.Span)];
        }
    }
}
