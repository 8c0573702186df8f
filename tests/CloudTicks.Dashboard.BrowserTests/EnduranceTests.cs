using System.Globalization;
using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using CloudTicks.Dashboard.Tests;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>
/// The board with 5,000 symbols under a flood of ticks: the page stays responsive, and its heap stays below 60 MB. By default the test runs
/// for four seconds. <c>CLOUDTICKS_ENDURANCE</c> sets another duration in seconds, such as 600.
/// </summary>
public sealed class EnduranceTests(ChromiumFixture chromium)
{
    private const int Symbols = 5_000;
    private const int TicksPerSecond = 50_000;
    private const int Slices = 10;

    /// <summary>Counts how often the main thread was blocked for more than 50 ms, and measures the longest block.</summary>
    private const string WatchScript =
        "() => { window.held = { times: 0, longest: 0 }; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { "
            + "held.times++; held.longest = Math.max(held.longest, entry.duration); })).observe({ entryTypes: ['longtask'] }); }";

    private static readonly string[] Names = [.. Enumerable.Range(0, Symbols).Select(number => $"A{number:0000}")];

    [Fact]
    public async Task Board_of_5000_symbols_stays_responsive_under_a_flood()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("CLOUDTICKS_ENDURANCE"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var asked) ? asked : 4;
        await using var system = await BoardSystem.StartAsync();
        await using var openPage = await chromium.OpenAsync();
        await openPage.GoAsync(system.Dashboard.Address, "/");
        using var floodEnd = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var flood = FloodAsync(system, floodEnd.Token);
        await Expect(openPage.Page.Locator(".summary")).ToContainTextAsync("5,000 symbols");
        await openPage.Page.EvaluateAsync(WatchScript);
        var cdp = await openPage.Page.Context.NewCDPSessionAsync(openPage.Page);

        var heapMegabytes = new List<double>();
        using var sliceTimer = new PeriodicTimer(TimeSpan.FromSeconds((double)seconds / Slices));
        for (var number = 0; number < Slices; number++)
        {
            await sliceTimer.WaitForNextTickAsync(floodEnd.Token);
            await cdp.SendAsync("HeapProfiler.collectGarbage");
            heapMegabytes.Add((await cdp.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetDouble() / 1e6);

            // The page responds to a key while all rows change.
            await openPage.Page.Locator(".list").FocusAsync();
            await openPage.Page.Keyboard.PressAsync(number % 2 == 0 ? "End" : "Home");
            await Expect(openPage.Page.Locator(".rows .row.active")).ToBeVisibleAsync();
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"heap {string.Join(' ', heapMegabytes.Select(size => size.ToString("0.0", CultureInfo.InvariantCulture)))} MB; main "
                + $"thread {await openPage.Page.EvaluateAsync<string>("() => JSON.stringify(held)")}; "
                + $"{await openPage.Page.Locator(".summary").InnerTextAsync()}");
        await floodEnd.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(flood);
        heapMegabytes[^1].ShouldBeLessThan(60);
        (await openPage.Page.Locator(".rows .row").CountAsync()).ShouldBeLessThan(60);
        openPage.Violations.ShouldBeEmpty();
    }

    private static async Task FloodAsync(BoardSystem system, CancellationToken cancellationToken)
    {
        const int ticksPerRound = TicksPerSecond / 20;
        var random = new Random(1);
        using var floodTimer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var at = 0; ; at += ticksPerRound)
        {
            await floodTimer.WaitForNextTickAsync(cancellationToken);
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await system.Sender.SendAsync(Enumerable.Range(at, ticksPerRound).Select(
                number => (Names[number % Symbols], TickSender.Trade(Names[number % Symbols], now, 100 + (random.Next(1000) / 100m)))));
        }
    }
}
