using System.Diagnostics;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale.Storing;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Benchmarks.Writing;

/// <summary>Our writer, as StoreTicks uses it: all partitions concurrently, sharing the transactions of its connections.</summary>
internal sealed class TickStoreSide : IAsyncDisposable
{
    private readonly BenchmarkDatabase _database;
    private readonly IReadOnlyList<(int Partition, ArchivedRecord[] Records)> _partitions;
    private readonly ServiceProvider _services;
    private readonly TickStore _store;

    public TickStoreSide(BenchmarkDatabase database, IReadOnlyList<TickRecords> partitions, int? writers = null)
    {
        _database = database;
        _partitions = [.. partitions.Select(
            records => (records.Partition, records.Values.Select((value, offset) => new ArchivedRecord(offset, value)).ToArray()))];
        _services = database.BuildServices(writers);
        _store = _services.GetRequiredService<TickStore>();
        Ticks = partitions.Sum(records => records.Values.Sum(CountOf));
    }

    /// <summary>The number of ticks in the records, including repeated ones.</summary>
    public long Ticks { get; }

    /// <summary>The bytes that all threads of this process allocated in the last pass.</summary>
    public long AllocatedBytes { get; private set; }

    public async Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        await _database.EmptyAsync(cancellationToken);
        var (started, allocated) = (Stopwatch.GetTimestamp(), GC.GetTotalAllocatedBytes());
        await StoreAsync(cancellationToken);
        var pass = new Pass(Ticks, Stopwatch.GetElapsedTime(started));
        AllocatedBytes = GC.GetTotalAllocatedBytes() - allocated;
        return pass;
    }

    /// <summary>Stores all records as a new stream, with offsets from 0.</summary>
    /// <returns>The number of stored rows.</returns>
    public async Task<long> StoreAsync(CancellationToken cancellationToken)
    {
        var stream = $"benchmark:{Guid.NewGuid():N}";
        var results = await Task.WhenAll(_partitions.Select(partition => Task.Run(
            () => _store.StoreAsync(
                new StreamPartition(stream, "tick_archive", partition.Partition), partition.Records, ThrowRefused, cancellationToken),
            cancellationToken)));
        return results.Sum(result => result.StoredTicks);
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _services.DisposeAsync();
    }

    private static Task ThrowRefused(IReadOnlyList<RefusedRecord> records, CancellationToken cancellationToken) =>
        Task.FromException(new BenchmarkException($"A record was refused: {records[0].Reason}"));

    private static long CountOf(ReadOnlyMemory<byte> record)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        reader.Open(record);
        return reader.Count;
    }
}
