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
/// Publishes each tick on Redis, in addition to the archive, with the same channel name and JSON as on NATS (<c>ticks.EURUSD</c>). The
/// archive never waits for Redis: when <see cref="MaxRecords"/> records are queued, the ticks of further records are dropped and counted.
/// </summary>
internal sealed class RedisOutlet : BackgroundService
{
    private const int MaxRecords = 128;
    private const string ReasonUnavailable = "away";
    private const string ReasonSlow = "slow";
    private const string StopReason = "the collector is stopping";

    /// <summary>The maximum time that a stop waits for the queued records to be published.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(1);

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

    /// <summary>Queues a record, or drops its ticks when the queue is full. Never blocks.</summary>
    public void Offer(OutgoingRecord record)
    {
        if (record.Content == RecordContent.Ticks && !_records.Writer.TryWrite(record))
        {
            _outage.Dropped(record.Ticks, ReasonSlow, "it is slower than the feed");
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _records.Writer.TryComplete();
        if (ExecuteTask is { } publishing)
        {
            await Task.WhenAny(publishing, Task.Delay(DrainTimeout, _time, cancellationToken));
        }

        await base.StopAsync(cancellationToken);
        while (_records.Reader.TryRead(out var remaining))
        {
            _outage.Dropped(remaining.Ticks, ReasonUnavailable, StopReason);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var record in _records.Reader.ReadAllAsync(stoppingToken))
        {
            Read(record);
            try
            {
                if (await _publisher.PublishAsync(_batch, stoppingToken))
                {
                    _outage.Published(_batch.Count);
                }
                else
                {
                    _outage.Dropped(_batch.Count, ReasonUnavailable, _publisher.Problem);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                _outage.Dropped(_batch.Count, ReasonUnavailable, StopReason);
                return;
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
