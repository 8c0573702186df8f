using System.Diagnostics;
using System.Diagnostics.Metrics;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Benchmarks.Producing;

/// <summary>Runs our producer until the acknowledgement of the last record.</summary>
internal sealed class PackedSide : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly RecordProducer _producer;
    private readonly TickPacker _packer;
    private readonly int _repeats;
    private readonly List<(int Partition, byte[] Record)> _ready;

    public PackedSide(EventStreamConnection hub, TickPacker packer, int repeats)
    {
        _producer = new RecordProducer(
            hub, Options.Create(new RecordProducerOptions()), new RecordProducerMetrics(_services.GetRequiredService<IMeterFactory>()),
            TimeProvider.System,
            NullLogger<RecordProducer>.Instance);
        (_packer, _repeats) = (packer, repeats);
        _ready = [.. packer.Pack(repeats)];
    }

    /// <summary>Sends records that were packed before.</summary>
    public Task<TimeSpan> SendReadyAsync(string topic, CancellationToken cancellationToken) => SendAsync(topic, _ready, cancellationToken);

    /// <summary>Packs ticks into records while sending. The returned time includes reading and packing the ticks.</summary>
    public Task<TimeSpan> PackAndSendAsync(string topic, CancellationToken cancellationToken) =>
        SendAsync(topic, _packer.Pack(_repeats), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        await _services.DisposeAsync();
    }

    private async Task<TimeSpan> SendAsync(
        string topic, IEnumerable<(int Partition, byte[] Record)> records, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        foreach (var (partition, record) in records)
        {
            await _producer.SendAsync(topic, partition, record, [], cancellationToken);
        }

        await _producer.FlushAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(started);
    }
}
