using CloudTicks.Collection;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Cli.Streaming;

/// <summary>
/// Shows progress, and ends a stream that Polygon refuses permanently. The host stops this service after the collector, so that the
/// summary has the final figures.
/// </summary>
internal sealed class StreamWatch(
    CollectorService collector, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<StreamWatch> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(10);

    private readonly long _startedAt = time.GetTimestamp();

    public bool IsRefused { get; private set; }

    /// <summary>The summary; empty until the stream ends.</summary>
    public IReadOnlyList<string> Summary { get; private set; } = [];

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Summary = [.. StreamStatusText.Summary(collector.GetStatus(), time.GetElapsedTime(_startedAt))];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        using var statusLine = StatusLine.IsSupported ? new StatusLine() : null;
        using var polls = new PeriodicTimer(PollInterval, time);
        var (ticks, at, lastLineAt, perSecond) = (0L, _startedAt, _startedAt, 0.0);
        try
        {
            while (await polls.WaitForNextTickAsync(stoppingToken))
            {
                var status = collector.GetStatus();
                var now = time.GetTimestamp();
                var rate = (status.Received - ticks) / Math.Max(time.GetElapsedTime(at, now).TotalSeconds, 0.001);
                perSecond = perSecond == 0 ? rate : (perSecond + rate) / 2;
                (ticks, at) = (status.Received, now);
                EndIfRefused(status);
                if (statusLine is not null)
                {
                    statusLine.Show(StreamStatusText.Line(status, perSecond));
                }
                else if (time.GetElapsedTime(lastLineAt, now) >= LineInterval)
                {
                    lastLineAt = now;
                    var line = StreamStatusText.Line(status, perSecond);
                    logger.Status(line);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The collector has stopped.
        }
    }

    private void EndIfRefused(CollectorStatus status)
    {
        if (!IsRefused && status.Refused.Count > 0 && status.Refused.Count == status.Connected.Count)
        {
            IsRefused = true;
            foreach (var refusal in status.Refused.Values)
            {
                logger.Refused(refusal);
            }

            lifetime.StopApplication();
        }
    }
}
