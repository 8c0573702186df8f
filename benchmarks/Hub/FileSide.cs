using System.Diagnostics;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>Appends the batches to one new file, with fdatasync after each group of them.</summary>
/// <param name="folder">A folder on the disk of the event hub's data.</param>
/// <param name="packed">The batches.</param>
/// <param name="partitions">The number of partitions, used only for the digest.</param>
/// <param name="batchesPerFlush">The number of batches per group.</param>
/// <param name="expected">The expected digest of the file.</param>
internal sealed class FileSide(string folder, PackedBatches packed, int partitions, int batchesPerFlush, string expected)
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
