using System.Globalization;
using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The chart of one symbol, with history from the table and ticks from NATS.</summary>
[Collection(WholeSystemCollection.Name)]
public sealed class SymbolTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    /// <summary>A script that returns the distinct numbers of decimals of the listed ticks' bids, asks and prices.</summary>
    private const string DecimalsScript =
        "() => [...new Set([...document.querySelectorAll('tbody tr')]"
            + ".flatMap((row) => [1, 3, 5].map((cell) => row.cells[cell].textContent))"
            + ".filter((price) => price).map((price) => price.split('.')[1]?.length ?? 0))]";

    /// <summary>
    /// A script that counts the chart's candles. It returns NaN before the chart is drawn, so that comparisons wait for it.
    /// </summary>
    private const string CountScript = "Number(document.querySelector('.chart')?.dataset.count)";

    private const string IsIdleScript = "!document.querySelector('[aria-busy]')";

    private const string TimeScript = "() => Number(document.querySelector('.chart')?.dataset.time)";

    [Fact]
    public async Task Chart_of_a_young_table_shows_its_candles_without_a_hint()
    {
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        await fixture.System.Functions.UntilAsync(
            "api/v1/symbols", symbols => symbols.EnumerateArray().Any(symbol => symbol.GetProperty("symbol").GetString() == "EURUSD"));

        await openPage.GoAsync(fixture.System.Dashboard.Address, "/symbol/EURUSD");
        await openPage.UntilAsync($"() => {CountScript} > 5 && {IsIdleScript}");

        // Six hours of minutes are requested, but there are none yet.
        (await page.GetByLabel("1s", new PageGetByLabelOptions { Exact = true }).IsCheckedAsync()).ShouldBeTrue();
        await Expect(page.Locator(".note")).ToHaveTextAsync("");

        // There is no lake, so longer ranges are not offered.
        await Expect(page.Locator("label[for=range-3d]")).ToBeVisibleAsync();
        await Expect(page.Locator("label[for=range-1w]")).ToBeHiddenAsync();
        await openPage.UntilAsync("() => document.querySelectorAll('tbody tr').length > 10");
        (await page.EvaluateAsync<int[]>(DecimalsScript)).Length.ShouldBe(1);
        await Screenshots.TakeAsync(page, "symbol-young", Device.Desktop);
        openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Symbol_draws_live_candles_and_exports_csv()
    {
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        await fixture.System.Functions.UntilAsync(
            "api/v1/symbols", symbols => symbols.EnumerateArray().Any(symbol => symbol.GetProperty("symbol").GetString() == "EURUSD"));
        await openPage.GoAsync(fixture.System.Dashboard.Address, "/symbol/EURUSD");
        await page.GetByLabel("1s", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await openPage.UntilAsync($"() => {CountScript} > 1 && {IsIdleScript}");

        // The chart is drawn with the browser's next frame, is not empty, and keeps updating.
        await openPage.UntilAsync(
            "() => [...document.querySelectorAll('.chart canvas')].some((canvas) => canvas.width > 300 && new "
                + "Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size > 8)");
        var time = await page.EvaluateAsync<double>(TimeScript);
        await openPage.UntilAsync($"() => ({TimeScript})() > {time.ToString(CultureInfo.InvariantCulture)} + 1");
        await Expect(page.Locator("table tbody tr").First).ToContainTextAsync("live");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download CSV").ClickAsync());
        download.SuggestedFilename.ShouldBe("EURUSD-1s.csv");
        (await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken))
            .ShouldStartWith("symbol,timestamp_ms,open,high,low,close");

        await page.Keyboard.PressAsync("[");
        await openPage.UntilAsync("() => document.querySelector('.chart')?.getAttribute('aria-label')?.includes(' ticks')");
        await openPage.UntilAsync($"() => {CountScript} > 20");
        openPage.Violations.ShouldBeEmpty();
    }
}
