using CloudTicks.Collection.Gaps;
using CloudTicks.Polygon.Tests.Rest;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Gaps;

/// <summary>Tests gaps with a known number of missing ticks, which a response with fewer ticks does not fill.</summary>
public sealed class MissingTicksTests : IDisposable
{
    private const int MaxFetches = 3;
    private const string NoResults = """{"status":"OK"}""";

    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new();
    private readonly GapLedger _ledger;
    private readonly long _startMs;

    public MissingTicksTests()
    {
        _ledger = GapLedger.Open(_folder.Path, _time);
        _startMs = _time.GetUtcNow().ToUnixTimeMilliseconds() - 120_000;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _ledger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Empty_response_leaves_gap_open_then_unfillable()
    {
        var gap = _ledger.Put(Gap("AAPL", missing: 2));
        var requests = 0;
        await using var rest = await RestPeer.StartAsync((context, _) => (++requests, context.Response.WriteAsync(NoResults)).Item2, _time);

        await using var filling = Start(rest);
        await filling.UntilAsync(() => _ledger.Find(gap.Id) is { State: GapState.Open, Detail: not null });
        var open = _ledger.Find(gap.Id)!;
        await filling.UntilAsync(() => _ledger.Find(gap.Id)!.State == GapState.Unfillable);

        open.Detail.ShouldBe("2 of 2 ticks known to be missing were not restored after 1 of 3 fetches.");
        var ended = _ledger.Find(gap.Id)!;
        ended.Detail.ShouldBe("2 of 2 ticks known to be missing were not restored after 3 fetches: Polygon's history does not have them.");
        (ended.Missing, ended.Restored, ended.Recovered, requests).ShouldBe((2, 0, 0, MaxFetches));
        MissingTicks.Of(_ledger.All()).ShouldBe(new MissingTicks(0, 2));
    }

    [Fact]
    public async Task Empty_response_fills_gap_without_known_missing_ticks()
    {
        var gap = _ledger.Put(Gap("AAPL", missing: 0));
        await using var rest = await RestPeer.StartAsync((context, _) => context.Response.WriteAsync(NoResults), _time);

        await using var filling = Start(rest);
        await filling.UntilAsync(() => _ledger.Find(gap.Id)!.State == GapState.Filled);

        _ledger.Find(gap.Id)!.Detail.ShouldBeNull();
    }

    [Theory]
    [InlineData(2, GapState.Filled)]
    [InlineData(3, GapState.Open)]
    public async Task Ticks_delivered_live_do_not_count_as_restored(int missing, GapState expected)
    {
        var gap = _ledger.Put(Gap("AAPL", missing));
        await using var rest = await RestPeer.StartAsync((context, _) => context.Response.WriteAsync(Rows(0, 10, 20, 1_000)), _time);

        await using var filling = Start(rest, deliveredMs: [_startMs, _startMs + 1_000]);
        await filling.UntilAsync(() => _ledger.Find(gap.Id)!.State == expected && _ledger.Find(gap.Id)!.Restored > 0);

        var checkedGap = _ledger.Find(gap.Id)!;
        (checkedGap.Recovered, checkedGap.Restored).ShouldBe((4, 2));
        checkedGap.Detail.ShouldBe(expected == GapState.Filled ? null : "1 of 3 ticks known to be missing were not restored after 1 of 3 "
            + "fetches.");
    }

    [Fact]
    public async Task Late_history_fills_the_gap()
    {
        var gap = _ledger.Put(Gap("AAPL", missing: 1));
        var requests = 0;
        await using var rest =
            await RestPeer.StartAsync((context, _) => context.Response.WriteAsync(++requests < MaxFetches ? NoResults : Rows(10)), _time);

        await using var filling = Start(rest);
        await filling.UntilAsync(() => _ledger.Find(gap.Id)!.State == GapState.Filled);

        (_ledger.Find(gap.Id)!.Restored, _ledger.Find(gap.Id)!.Detail, requests).ShouldBe((1, null, MaxFetches));
    }

    [Fact]
    public async Task Shared_loss_is_filled_by_ticks_of_all_symbols()
    {
        var loss = Guid.NewGuid();
        var apple = _ledger.Put(Gap("AAPL", missing: 3) with { Loss = loss });
        var other = _ledger.Put(Gap("MSFT", missing: 3) with { Loss = loss });
        var quiet = _ledger.Put(Gap("IBM", missing: 3) with { Loss = loss });
        await using var rest = await RestPeer.StartAsync(
            (context, _) => context.Response.WriteAsync(
                context.Request.Path.Value!.Contains("AAPL", StringComparison.Ordinal) ? Rows(10)
                    : context.Request.Path.Value.Contains("MSFT", StringComparison.Ordinal) ? Rows(20, 30) : NoResults),
            _time);

        await using var filling = Start(rest);
        await filling.UntilAsync(() => _ledger.All().All(gap => gap.State == GapState.Filled));

        (_ledger.Find(apple.Id)!.Restored, _ledger.Find(other.Id)!.Restored, _ledger.Find(quiet.Id)!.Restored).ShouldBe((1, 2, 0));
        MissingTicks.Of(_ledger.All()).ShouldBe(default);
    }

    [Fact]
    public async Task Long_gap_is_fetched_in_slices_sharing_missing_count()
    {
        var gap = _ledger.Put(Gap("AAPL", missing: 2) with { FromMs = _startMs - (7 * 3_600_000) });
        await using var rest = await RestPeer.StartAsync(
            (context, _) => context.Response.WriteAsync(Rows(0, -(long)TimeSpan.FromHours(6.5).TotalMilliseconds)), _time);

        await using var filling = Start(rest);
        await filling.UntilAsync(() => _ledger.All().All(one => one.State == GapState.Filled));

        _ledger.All().Select(one => (one.LossId, one.Missing, one.Restored)).ShouldBe([(gap.Id, 2, 1), (gap.Id, 2, 1)]);
    }

    [Fact]
    public async Task Gap_with_missing_ticks_waits_for_empty_spool()
    {
        var gap = _ledger.Put(Gap("AAPL", missing: 1));
        var other = _ledger.Put(Gap("MSFT", missing: 0));
        var isEmpty = false;
        await using var rest = await RestPeer.StartAsync((context, _) => context.Response.WriteAsync(Rows(10)), _time);

        await using var filling = Start(rest, isSpoolEmpty: () => Volatile.Read(ref isEmpty));
        await filling.UntilAsync(() => _ledger.Find(other.Id)!.State == GapState.Filled);
        _ledger.Find(gap.Id)!.State.ShouldBe(GapState.Open);
        Volatile.Write(ref isEmpty, true);

        await filling.UntilAsync(() => _ledger.Find(gap.Id)!.State == GapState.Filled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Gap_that_begins_before_history_is_split(long missing)
    {
        var gap = _ledger.Put(Gap("AAPL", missing));
        var historyMs = _startMs + 417;
        await using var rest = await RestPeer.StartAsync(
            (context, _) =>
            {
                if (long.Parse(
                    context.Request.Query["timestamp.gte"]!, System.Globalization.CultureInfo.InvariantCulture) / 1_000_000 >= historyMs)
                {
                    return context.Response.WriteAsync(Rows(417));
                }

                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return context.Response.WriteAsync(
                    """{"status":"NOT_AUTHORIZED","message":"Your plan doesn't include this data timeframe."}""");
            },
            _time);

        await using var filling = Start(rest);
        await filling.UntilAsync(() => _ledger.All().All(one => one.State is GapState.Filled or GapState.Unfillable));

        var pieces = _ledger.All().OrderBy(one => one.FromMs).ToArray();
        pieces.Select(one => (one.FromMs, one.ToMs)).ShouldBe([(_startMs, historyMs - 1), (historyMs, _startMs + 1_000)]);
        pieces[0].State.ShouldBe(GapState.Unfillable);
        pieces[0].Detail.ShouldNotBeNull().ShouldContain("this data timeframe");
        (pieces[1].Recovered, pieces[1].State).ShouldBe((1, missing == 0 ? GapState.Filled : GapState.Unfillable));
        MissingTicks.Of(pieces).Lost.ShouldBe(missing == 0 ? 0 : 1);
        pieces.ShouldAllBe(one => one.LossId == (missing == 0 ? one.Id : gap.Id));
    }

    /// <summary>The JSON of trades at these times, in ms after the gap's beginning.</summary>
    private string Rows(params long[] atMs) => $$"""{"status":"OK","results":[{{string.Join(',', atMs.Order().Select((ms, index) =>
        $$"""{"exchange":11,"id":"{{index}}","participant_timestamp":{{_startMs + ms}}000000,"price":100,"sequence_number":{{_startMs + ms}},"sip_timestamp":{{_startMs + ms}}000000,"size":1,"tape":1}"""))}}]}""";

    private FeedGap Gap(string name, long missing)
    {
        Symbol.TryParse(Market.Stock, name, out var symbol).ShouldBeTrue();
        return new FeedGap(
            Guid.CreateVersion7(), symbol, TickKind.Trade, _startMs, _startMs + 1_000, "spool_damaged", "a test", GapState.Open, 0, null, 0,
            missing);
    }

    private RunningFiller Start(RestPeer rest, Func<bool>? isSpoolEmpty = null, long[]? deliveredMs = null) => new(
        new GapFiller(
            _ledger, new GapFetch(rest.Client, (_, _) => ValueTask.FromResult(Task.CompletedTask), 32),
            new DeliveredTicks(deliveredMs ?? []), isSpoolEmpty ?? (() => true),
            _ => 0, () => new CollectorOptions { Backfill = true, BackfillTries = MaxFetches }, _time, NullLogger.Instance),
        _ledger, _time);

    private sealed class DeliveredTicks(long[] atMs) : ILiveTicks
    {
        public Task RemoveDeliveredAsync(FeedGap gap, FetchedTicks fetched, CancellationToken cancellationToken)
        {
            Array.ForEach(atMs, fetched.RemoveAt);
            return Task.CompletedTask;
        }
    }

    /// <summary>A running filler whose clock advances while the test waits.</summary>
    private sealed class RunningFiller : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        private readonly GapLedger _ledger;
        private readonly TestTime _time;
        private readonly Task _running;

        public RunningFiller(GapFiller filler, GapLedger ledger, TestTime time) =>
            (_ledger, _time, _running) = (ledger, time, filler.RunAsync(_stopping.Token));

        public async Task UntilAsync(Func<bool> reached)
        {
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
            var startedAt = TimeProvider.System.GetTimestamp();
            while (true)
            {
                // Ended gaps no longer change, so a wrong end state fails immediately.
                var ended = _ledger.All().All(gap => gap.State is GapState.Filled or GapState.Unfillable);
                if (reached())
                {
                    return;
                }

                ended.ShouldBeFalse(string.Join('\n', _ledger.All()));
                TimeProvider.System.GetElapsedTime(startedAt).ShouldBeLessThan(MaxWait, string.Join('\n', _ledger.All()));
                // Advance slowly while a request is running, so that it does not time out on a busy machine.
                _time.Advance(
                    _ledger.All().Any(gap => gap.State == GapState.Filling) ? TimeSpan.FromMilliseconds(10) : TimeSpan.FromSeconds(1));
                await poll.WaitForNextTickAsync(Cancellation);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stopping.Dispose();
        }
    }
}
