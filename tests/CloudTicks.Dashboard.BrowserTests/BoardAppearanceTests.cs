using System.Globalization;
using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The appearance of the board on a desktop and a phone, in light and dark mode.</summary>
public sealed class BoardAppearanceTests(ChromiumFixture chromium) : IAsyncLifetime
{
    private static readonly (string Symbol, decimal Price)[] Pairs =
        [("EURUSD", 1.0872m), ("GBPUSD", 1.2714m), ("USDJPY", 151.42m), ("AUDUSD", 0.6581m), ("XAUUSD", 2361.4m), ("USDCHF", 0.9053m),
            ("EURGBP", 0.8561m), ("NZDUSD", 0.6012m)];

    private BoardSystem _system = null!;

    public async ValueTask InitializeAsync() => _system = await BoardSystem.StartAsync();

    public async ValueTask DisposeAsync() => await _system.DisposeAsync();

    [Fact]
    public async Task Board_fits_desktop_and_phone_in_light_and_dark_mode()
    {
        var random = new Random(7);
        await _system.TradeSharesAsync(40);
        foreach (var step in Enumerable.Range(0, 6))
        {
            foreach (var (symbol, price) in Pairs)
            {
                var currentPrice = Math.Round(price * (1 + (((decimal)random.NextDouble() - 0.5m) / 200)), 4);
                await _system.QuoteAsync(symbol, currentPrice, currentPrice + Math.Round(price / 10_000, 4));
            }
        }

        foreach (var device in (Device[])[Device.Desktop, Device.Desktop with { IsDark = true }, Device.Phone,
            Device.Phone with { IsDark = true }])
        {
            await using var openPage = await chromium.OpenAsync(device);
            await openPage.GoAsync(_system.Dashboard.Address, "/");
            await Expect(openPage.Page.Locator("[data-symbol=EURUSD]")).ToBeVisibleAsync();
            await Expect(openPage.Page.Locator("[data-symbol=A0001] .last"))
                .ToHaveTextAsync(100.01.ToString("0.00", CultureInfo.InvariantCulture));

            (await TextContrast.FaultsAsync(openPage.Page)).ShouldBeEmpty(device.ToString());
            (await openPage.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"))
                .ShouldBeFalse(device.ToString());
            await Screenshots.TakeAsync(openPage.Page, "board", device);
            openPage.Violations.ShouldBeEmpty(device.ToString());
        }
    }
}
