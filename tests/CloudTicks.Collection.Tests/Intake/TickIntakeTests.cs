using System.Buffers;
using System.Globalization;
using System.Text;
using System.Threading.Channels;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Intake;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Intake;

public sealed class TickIntakeTests : IDisposable
{
    private readonly TestTime _time = new();
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingSink _sink = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_of_one_round_are_sent_in_one_record()
    {
        using var host = BuildHost();
        var frames = host.Services.GetRequiredService<FrameQueue>();
        await using var delivery = new RecordDelivery(
            _sink, new DeliveryOptions { Folder = _folder.Path, SpoolMaxBytes = 1 << 30 }, new CollectorCounters(), _ => { }, _time,
            NullLogger.Instance);
        var intake = BuildIntake(host, delivery, frames);
        var running = intake.RunAsync(Cancellation);

        await WriteAsync(frames, 1);
        (await _sink.NextAsync()).ShouldBe(1, "the first tick is sent immediately");
        await WriteAsync(frames, 2);
        await _time.UntilTimerAsync(TickBatcher.SparseRoundInterval, Cancellation);
        await WriteAsync(frames, 3);
        await WriteAsync(frames, 4);
        _time.Advance(TickBatcher.SparseRoundInterval);

        (await _sink.NextAsync()).ShouldBe(3);
        intake.Complete();
        await running;
    }

    public void Dispose() => _folder.Dispose();

    private IHost BuildHost()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Collector:FeedName", nameof(FeedName.Simulated)),
            new("Collector:DataFolder", _folder.File("collector")),
            new("Collector:Symbols", "EURUSD"),
            new("ConnectionStrings:eventhubs", "127.0.0.1:1"),
            new("Polygon:Endpoint", "ws://127.0.0.1:1"),
            new(PolygonApiKey.Setting, "canary-key-1234"),
        ]);
        builder.Configuration.AddSettingsFile(TimeProvider.System);
        builder.Services.AddCollection(builder.Configuration);
        return builder.Build();
    }

    private TickIntake BuildIntake(IHost host, RecordDelivery delivery, FrameQueue frames)
    {
        var counters = host.Services.GetRequiredService<CollectorCounters>();
        return new TickIntake(
            frames, host.Services.GetRequiredService<WantedChannels>(), new TickCheck(null, null),
            new TickBatcher(delivery, new TickShedding(counters.Spool, _ => { }), 4, linger: null, _time, frames.Wake),
            new RejectedElements((_, reason) => throw new InvalidOperationException(reason)), counters,
            host.Services.GetRequiredService<CollectorMetrics>(), _time, NullLogger.Instance);
    }

    private async Task WriteAsync(FrameQueue frames, int number)
    {
        var nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var text = string.Create(
            CultureInfo.InvariantCulture, $$"""[{"ev":"C","p":"EUR/USD","x":48,"b":{{number}},"a":999,"t":{{nowMs}}}]""");
        var buffer = ArrayPool<byte>.Shared.Rent(text.Length);
        var length = Encoding.UTF8.GetBytes(text, buffer);
        await frames.WriteAsync(new ReceivedFrame(Market.Forex, buffer, length, nowMs), Cancellation);
    }

    /// <summary>A sink that acknowledges immediately and records the number of ticks per record.</summary>
    private sealed class RecordingSink : IRecordSink
    {
        private readonly Channel<int> _ticks = Channel.CreateUnbounded<int>();

        public TimeSpan? UnavailableFor => null;

        public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
        {
            _ticks.Writer.TryWrite(record.Ticks);
            return new ValueTask<Task>(Task.CompletedTask);
        }

        public async Task<int> NextAsync() => await _ticks.Reader.ReadAsync(Cancellation);
    }
}
