using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Configuring;

/// <summary>Announces new versions on the NATS subject <c>config.{service}</c>. Best effort: long polls deliver them reliably.</summary>
public sealed class ChangeAnnouncements : BackgroundService
{
    private const int MaxWaiting = 64;

    private readonly Channel<StoredDocument> _queue;
    private readonly NatsPublisher _nats;
    private readonly ConfigMetrics _metrics;
    private readonly ILogger<ChangeAnnouncements> _logger;
    private bool _isUnavailable;

    /// <summary>Creates the queue of announcements.</summary>
    public ChangeAnnouncements(NatsPublisher nats, ConfigMetrics metrics, ILogger<ChangeAnnouncements> logger)
    {
        (_nats, _metrics, _logger) = (nats, metrics, logger);
        _queue = Channel.CreateBounded<StoredDocument>(
            new BoundedChannelOptions(MaxWaiting)
            {
                FullMode = BoundedChannelFullMode.DropOldest,
                SingleReader = true,
            }, _ => _metrics.NotAnnounced());
    }

    /// <summary>Returns the NATS subject of a service.</summary>
    public static string Subject(string service) => $"config.{service}";

    internal void Announce(StoredDocument document) => _queue.Writer.TryWrite(document);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var document in _queue.Reader.ReadAllAsync(stoppingToken))
        {
            await PublishAsync(document, stoppingToken);
        }
    }

    private async Task PublishAsync(StoredDocument document, CancellationToken cancellationToken)
    {
        var message = new JsonObject { ["service"] = document.Version.Service, ["version"] = document.Number, ["etag"] = document.Tag };
        try
        {
            var generation = _nats.Generation;
            await _nats.PublishAsync(Encoding.UTF8.GetBytes(Subject(document.Version.Service)), DocumentJson.WriteBytes(message));
            await _nats.ConfirmAsync(generation, cancellationToken);
            _metrics.Announced();
            _isUnavailable = false;
        }
        catch (MessagingException problem)
        {
            _metrics.NotAnnounced();
            if (!_isUnavailable)
            {
                _isUnavailable = true;
                _logger.NotAnnounced(document.Number, document.Version.Service, problem.Message);
            }
        }
    }
}
