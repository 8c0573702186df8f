using System.Diagnostics;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Functions.Publishing;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Benchmarks.FanOut;

/// <summary>Calls the handler of PublishTicks on one connection, concurrently for several partitions, as the functions host does.</summary>
internal sealed class HandlerSide : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly NatsPublisher _publisher;
    private readonly PublishTicksHandler _handler;
    private readonly IReadOnlyList<TickRecords> _partitions;
    private readonly long _ticks;

    public HandlerSide(string url, IReadOnlyList<TickRecords> partitions)
    {
        _services = Build(url);
        _publisher = _services.GetRequiredService<NatsPublisher>();
        _handler = _services.GetRequiredService<PublishTicksHandler>();
        _partitions = partitions;
        _ticks = partitions.Sum(records => records.Values.Sum(CountOf));
    }

    public async Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        await _publisher.WaitUntilConnectedAsync(cancellationToken);
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            _partitions,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (partition, token) => await _handler.PublishAsync(partition.Values, token));
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new Pass(_ticks, elapsed, GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>Builds the services for one address.</summary>
    public static ServiceProvider Build(string url)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:nats", url)]).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging()
            .AddNatsPublisher().AddNatsSubscriber()
            .AddSingleton<PublishTicksMetrics>().AddSingleton<PublishTicksHandler>()
            .BuildServiceProvider();
    }

    private static long CountOf(ReadOnlyMemory<byte> record)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        reader.Open(record);
        return reader.Count;
    }
}
