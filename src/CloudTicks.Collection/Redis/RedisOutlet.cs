using System.Threading.Channels;
using CloudTicks.Collection.Records;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Redis;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;
using CloudTicks.Ticks.Json;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Redis;

/// <summary>
/// Publishes each tick on Redis too, beside the way to the archive, which never waits for it: a channel of the name of the NATS subject
/// (<c>ticks.EURUSD</c>), the same JSON. <see cref="MaxRecords"/> records wait at most; when Redis is away or slow the ticks of further
/// ones are dropped and counted.
/// </summary>
internal sealed class RedisOutlet : BackgroundService
{
    private const int MaxRecords = 128;
    private const string Away = "away";
    private const string Slow = "slow";

    /// <summary>At the end, what waits is still published.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly RedisPublisher _publisher;
    private readonly RedisMetrics _metrics;
    private readonly RedisOutage _outage;
    private readonly TimeProvider _time;
    private readonly Channel<OutgoingRecord> _records =
        Channel.CreateBounded<OutgoingRecord>(new BoundedChannelOptions(MaxRecords) { SingleReader = true });
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly TickSubjectCache _channels = new();
    private readonly MessageBatch _batch = new();

    public RedisOutlet(RedisPublisher publisher, RedisMetrics metrics, TimeProvider time, ILogger<RedisOutlet> logger)
    {
        (_publisher, _metrics, _time) = (publisher, metrics, time);
        _outage = new RedisOutage(publisher.Server, metrics, time, logger);
    }

    public RedisStatus GetStatus() => new(_metrics.PublishedTicks, _metrics.DroppedTicks);

    /// <summary>Takes a record, or drops its ticks; never waits.</summary>
    public void Offer(OutgoingRecord record)
    {
        if (record.Content == RecordContent.Ticks && !_records.Writer.TryWrite(record))
        {
            _outage.Dropped(record.Ticks, Slow, "it takes them more slowly than they come");
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _records.Writer.TryComplete();
        if (ExecuteTask is { } publishing)
        {
            await Task.WhenAny(publishing, Task.Delay(DrainTime, _time, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
        while (_records.Reader.TryRead(out var left))
        {
            _outage.Dropped(left.Ticks, Away, "the collector stops");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var record in _records.Reader.ReadAllAsync(stoppingToken))
        {
            Read(record);
            if (await _publisher.PublishAsync(_batch, stoppingToken))
            {
                _outage.Published(_batch.Count);
            }
            else
            {
                _outage.Dropped(_batch.Count, Away, _publisher.Problem);
            }
        }
    }

    private void Read(OutgoingRecord record)
    {
        _batch.Clear();
        _reader.Open(record.Value);
        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
            var json = _batch.Begin(_channels.Of(tick.Symbol), TickJson.MaxBytes);
            _batch.End(TickJson.Write(tick, _reader.Source, TickIdentity.Of(tick), json));
        }
    }
}
