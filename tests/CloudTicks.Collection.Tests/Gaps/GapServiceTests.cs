using CloudTicks.Collection.Gaps;
using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Collection.Tests.Gaps;

public sealed class GapServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new();

    [Fact]
    public async Task Marks_exclude_ticks_held_by_a_raised_batch_interval()
    {
        Symbol.TryParse("EURUSD", out var symbol).ShouldBeTrue();
        var channel = new FeedChannel(symbol, TickKind.Quote);
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(
            [new("POLYGON_API_KEY", "key"), new("ConnectionStrings:eventhubs", "127.0.0.1:1"), new("Collector:Backfill", "false")]);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time)
            .AddSingleton<IConfiguration>(configuration)
            .AddCollection(configuration).BuildServiceProvider();
        var gaps = services.GetRequiredService<GapService>();
        gaps.Open(_folder.Path);
        gaps.OnCoverage([new CoverageChange(channel, true, _time.GetUtcNow().ToUnixTimeMilliseconds(), LossCause.None, "")]);
        configuration["Collector:BatchInterval"] = "00:00:50";
        ((IConfigurationRoot)configuration).Reload();
        _time.Advance(TimeSpan.FromHours(1));
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var running = gaps.RunAsync((_, _) => ValueTask.FromResult(Task.CompletedTask), 32, () => true, () => true, stopping.Token);
        await _time.UntilTimerAsync(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        var mark = await WaitForMarkAsync(channel);
        await stopping.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);

        // The mark is earlier than the clock by at least the safety margin of 10 s plus the batch interval of 50 s.
        mark.ShouldBeLessThanOrEqualTo((_time.GetUtcNow() - TimeSpan.FromSeconds(60)).ToUnixTimeMilliseconds());
    }

    public void Dispose() => _folder.Dispose();

    private async Task<long> WaitForMarkAsync(FeedChannel channel)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            if (new CoverageMarks(_folder.Path, new Disk()).Read()?.TryGetValue(channel, out var mark) == true)
            {
                return mark;
            }

            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
