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
    private const string Time = "() => Number(document.querySelector('.chart').dataset.time)";

    [Fact]
    public async Task Symbol_draws_candles_of_the_table_follows_the_feed_and_gives_them_as_csv()
    {
        await using var open = await chromium.OpenAsync();
        var page = open.Page;
        await fixture.System.Functions.UntilAsync(
            "api/v1/symbols", symbols => symbols.EnumerateArray().Any(symbol => symbol.GetProperty("symbol").GetString() == "EURUSD"));
        await open.GoAsync(fixture.System.Dashboard.Address, "/symbol/EURUSD");
        await page.GetByLabel("1s", new PageGetByLabelOptions { Exact = true }).CheckAsync();
        await open.UntilAsync("() => Number(document.querySelector('.chart').dataset.count) > 1 && !document.querySelector('[aria-busy]')");

        // The picture is no empty one, and goes on.
        (await page.EvaluateAsync<bool>(
            "() => [...document.querySelectorAll('.chart canvas')].some((canvas) => canvas.width > 300 && new "
                + "Set(canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data).size > 8)"))
            .ShouldBeTrue();
        var time = await page.EvaluateAsync<double>(Time);
        await open.UntilAsync($"() => ({Time})() > {time.ToString(CultureInfo.InvariantCulture)} + 1");
        await Expect(page.Locator("table tbody tr").First).ToContainTextAsync("live");

        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByText("Download CSV").ClickAsync());
        download.SuggestedFilename.ShouldBe("EURUSD-1s.csv");
        (await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken))
            .ShouldStartWith("symbol,timestamp_ms,open,high,low,close");

        await page.Keyboard.PressAsync("[");
        await open.UntilAsync("() => document.querySelector('.chart').getAttribute('aria-label').includes(' ticks')");
        await open.UntilAsync("() => Number(document.querySelector('.chart').dataset.count) > 20");
        open.Complaints.ShouldBeEmpty();
    }
}
