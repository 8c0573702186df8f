using System.Diagnostics;
using System.Net;
using CloudTicks.Benchmarks.Comparing.Feed;
using CloudTicks.Benchmarks.Comparing.Rounds;
using CloudTicks.Collection;
using CloudTicks.Collection.Feeds;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Benchmarks.Ingest;

/// <summary>Runs the collector, wired as in its program, from the socket to the event hub's acknowledgement.</summary>
internal sealed class CollectorSide : IAsyncDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder;
    private readonly IHost _host;
    private readonly PreparedFeed _feed;
    private readonly int _repeats;

    private CollectorSide(DirectoryInfo folder, IHost host, PreparedFeed feed, int repeats) =>
        (_folder, _host, _feed, _repeats) = (folder, host, feed, repeats);

    public static async Task<CollectorSide> StartAsync(PreparedFeed feed, IPEndPoint hub, int repeats, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("cloudticks-benchmark-");
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
        [
            new("Collector:FeedName", nameof(FeedName.Simulated)),
            new("Collector:Symbols", string.Join(',', SyntheticTicks.StockNames)),
            new("Collector:DataFolder", folder.FullName),
            new("ConnectionStrings:eventhubs", hub.ToString()),
            new(PolygonApiKey.Setting, "benchmark"),
            new("Polygon:Endpoint", feed.Address.ToString()),
        ]);
        builder.Services.AddCollection(builder.Configuration);
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        await feed.ReadyAsync(cancellationToken);
        return new CollectorSide(folder, host, feed, repeats);
    }

    public async Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        var collector = _host.Services.GetRequiredService<CollectorService>();
        var ticks = (long)_feed.Ticks * _repeats;
        var expected = collector.GetStatus().Archived + ticks;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(MaxWait);
        using var poll = new PeriodicTimer(PollInterval);
        var started = Stopwatch.GetTimestamp();
        await _feed.SendAsync(_repeats, timeout.Token);
        var status = collector.GetStatus();
        while (status.Archived < expected && status.RejectedDistinct == 0 && !timeout.IsCancellationRequested)
        {
            await poll.WaitForNextTickAsync(cancellationToken);
            status = collector.GetStatus();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return status.Archived == expected && status.Received == expected && status.Outages.Values.All(outage => outage.Count == 0)
            ? new Pass(ticks, elapsed)
            : throw new BenchmarkException(
                $"The hub acknowledged {status.Archived} of {expected} ticks; {status.Received} were "
                    + $"received, {status.RejectedDistinct} rejected.");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _folder.Delete(recursive: true);
    }
}
