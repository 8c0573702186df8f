using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The board in a real browser, over real server-sent events.</summary>
public sealed class BoardTests(ChromiumFixture chromium) : IAsyncLifetime
{
    private BoardSystem _system = null!;
    private OpenPage _openPage = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await BoardSystem.StartAsync();
        _openPage = await chromium.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _openPage.DisposeAsync();
        await _system.DisposeAsync();
    }

    [Fact]
    public async Task Board_shows_live_prices_with_spread_and_change()
    {
        // Both quotes are of the same day, even if midnight passes between them: the change is measured from the day's first quote.
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await _system.QuoteAsync("EURUSD", 1.1000m, 1.1002m, nowMs);
        await _openPage.GoAsync(_system.Dashboard.Address, "/");
        var row = _openPage.Page.Locator("[data-symbol=EURUSD]");

        await Expect(row.Locator(".bid")).ToHaveTextAsync("1.1000");
        await Expect(row.Locator(".ask")).ToHaveTextAsync("1.1002");
        await Expect(row.Locator(".spread")).ToHaveTextAsync("0.0002");
        await Expect(row.Locator(".change")).ToHaveTextAsync("0.00 %");

        await _system.QuoteAsync("EURUSD", 1.1110m, 1.1112m, nowMs);
        await Expect(row.Locator(".bid")).ToHaveTextAsync("1.1110");
        await Expect(row.Locator(".change")).ToHaveTextAsync("+1.00 %");
        _openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Board_of_thousands_of_symbols_stays_small_and_usable()
    {
        const int shares = 3_000;
        await _system.TradeSharesAsync(shares);
        await _system.QuoteAsync("EURUSD", 1.1m, 1.2m);
        await _openPage.GoAsync(_system.Dashboard.Address, "/");
        var page = _openPage.Page;
        await Expect(page.Locator(".summary")).ToContainTextAsync("3,001 symbols");
        (await page.Locator(".rows .row").CountAsync()).ShouldBeLessThan(60);

        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("a29");
        await Expect(page.Locator(".summary")).ToContainTextAsync("100 of 3,001");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".summary")).ToContainTextAsync("3,001 symbols");

        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Groups" }).ClickAsync();
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Last" }).ClickAsync();
        await page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Last" }).ClickAsync();
        await Expect(page.Locator("[aria-rowindex='2'] .symbol .name")).ToHaveTextAsync("A2999");

        // Move down to the last line, and open it.
        await page.Locator(".list").FocusAsync();
        await page.Keyboard.PressAsync("End");
        await Expect(page.Locator(".rows .row.active .name")).ToHaveTextAsync("EURUSD");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Uri(_system.Dashboard.Address, "/symbol/EURUSD").ToString());
        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator(".board")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("?");
        await Expect(page.GetByRole(Microsoft.Playwright.AriaRole.Dialog)).ToContainTextAsync("flash on change");
        await page.Keyboard.PressAsync("Escape");
        _openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Board_reports_the_loss_and_the_return_of_the_feed()
    {
        await _system.QuoteAsync("EURUSD", 1.1m, 1.2m);
        await _openPage.GoAsync(_system.Dashboard.Address, "/");
        await Expect(_openPage.Page.Locator("[data-symbol=EURUSD]")).ToBeVisibleAsync();
        var notice = _openPage.Page.Locator("[data-notice=board-feed]");

        _system.Nats.Servers[0].Kill();
        await Expect(notice).ToContainTextAsync("There have been no live prices since", new() { Timeout = 60_000 });

        // Begin to wait before the notice appears, because it disappears after some seconds.
        var good = Expect(notice).ToContainTextAsync("Prices are live again", new() { Timeout = 120_000 });
        await _system.Nats.RestartAsync(0, TestContext.Current.CancellationToken);
        await good;
        await _system.QuoteAsync("EURUSD", 1.5m, 1.6m);
        await Expect(_openPage.Page.Locator("[data-symbol=EURUSD] .bid")).ToHaveTextAsync("1.50");
    }
}
