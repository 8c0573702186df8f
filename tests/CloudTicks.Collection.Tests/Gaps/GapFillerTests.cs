using CloudTicks.Collection.Gaps;
using CloudTicks.Polygon.Tests.Rest;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Gaps;

public sealed class GapFillerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hanging_fetch_does_not_block_other_gaps()
    {
        var otherRequested = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var rest = await RestPeer.StartAsync(
            async (context, _) =>
            {
                if (context.Request.Path.Value!.Contains("AAPL", StringComparison.Ordinal))
                {
                    // The server never responds.
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                        .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return;
                }

                otherRequested.TrySetResult();
                await context.Response.WriteAsync("""{"results":[],"status":"OK"}""");
            },
            _time);
        using var ledger = GapLedger.Open(_folder.Path, _time);
        var hangingGap = ledger.Put(Gap("AAPL"));
        var otherGap = ledger.Put(Gap("MSFT"));
        var filler = new GapFiller(
            ledger, new GapFetch(rest.Client, (_, _) => ValueTask.FromResult(Task.CompletedTask), 32), new LiveTicksWithoutArchive(),
            () => true,
            symbol => symbol.Name == "AAPL" ? 0 : 1, () => new CollectorOptions { Backfill = true }, _time, NullLogger.Instance);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = filler.RunAsync(stopping.Token);

        for (var second = 0; second < 8; second++)
        {
            await _time.UntilTimerAsync(TimeSpan.FromSeconds(1), Cancellation);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await otherRequested.Task.WaitAsync(Cancellation);
        await UntilAsync(() => ledger.Find(otherGap.Id)!.State == GapState.Filled);
        ledger.Find(hangingGap.Id)!.State.ShouldBe(GapState.Filling);
        await stopping.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached())
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }
    }

    private FeedGap Gap(string name)
    {
        var endMs = _time.GetUtcNow().ToUnixTimeMilliseconds() - 60_000;
        Symbol.TryParse(Market.Stock, name, out var symbol).ShouldBeTrue();
        return new FeedGap(
            Guid.CreateVersion7(), symbol, TickKind.Trade, endMs - 1_000, endMs, "disconnected", "a test", GapState.Open, 0, null, endMs);
    }
}
