using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using CloudTicks.TestServices;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The dashboard with a lake: the chart shows ticks older than the table, and the lake's figures are visible.</summary>
public sealed class LakeTests(ChromiumFixture chromium, PostgresFixture postgres) : IClassFixture<DuckDbFixture>
{
    [Fact]
    public async Task Chart_shows_days_that_only_the_lake_has()
    {
        await using var system = await LakeSystem.StartAsync(postgres);
        var stored = (await system.Functions.GetAsync("api/v1/status")).GetProperty("stored").GetInt64();
        stored.ShouldBeInRange(1, LakeSystem.Ticks / 3);
        foreach (var device in (Device[])[Device.Desktop, Device.Desktop with { IsDark = true }, Device.Phone])
        {
            await using var openPage = await chromium.OpenAsync(device);
            var page = openPage.Page;
            await openPage.GoAsync(system.Dashboard.Address, "/symbol/EURUSD");
            await page.GetByLabel("4w", new PageGetByLabelOptions { Exact = true }).CheckAsync();

            // Minute candles of four weeks do not fit into one response, so the chart shows hours.
            await WaitForCandlesAsync(openPage, LakeSystem.Days * 24);
            await CheckAsync(openPage, "symbol-4w", device);

            await page.Keyboard.PressAsync("-");
            await page.Keyboard.PressAsync("[");
            await WaitForCandlesAsync(openPage, 7 * 24 * 12);
            await Expect(page.Locator(".note")).ToHaveTextAsync("");

            await page.ReloadAsync();
            await WaitForCandlesAsync(openPage, 7 * 24 * 12);
            await Expect(page.GetByLabel("1w", new PageGetByLabelOptions { Exact = true })).ToBeCheckedAsync();
            await CheckAsync(openPage, "symbol-1w", device);

            await openPage.GoAsync(system.Dashboard.Address, "/pipeline");
            var card = page.Locator(".card").Filter(new LocatorFilterOptions
            {
                Has = page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Name = "Lake", Exact = true }),
            });
            await Expect(card.GetByRole(AriaRole.Row, new LocatorGetByRoleOptions { Name = $"Ticks {LakeSystem.Ticks:N0}" }))
                .ToBeVisibleAsync();
            await card.ScrollIntoViewIfNeededAsync();
            await CheckAsync(openPage, "lake", device);
        }
    }

    /// <summary>Waits for about this many candles. On a slow machine the range advances during the test while no ticks arrive.</summary>
    private static Task WaitForCandlesAsync(OpenPage openPage, int count) => openPage.UntilAsync(
        $"() => Math.abs(Number(document.querySelector('.chart')?.dataset.count) - {count}) < 12 "
            + "&& !document.querySelector('[aria-busy]')");

    private static async Task CheckAsync(OpenPage openPage, string view, Device device)
    {
        (await TextContrast.FaultsAsync(openPage.Page)).ShouldBeEmpty($"{view}, {device}");
        (await openPage.Page.EvaluateAsync<int>(
            "() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth) - innerWidth"))
                .ShouldBeLessThanOrEqualTo(0, $"{view}, {device}");
        openPage.Violations.ShouldBeEmpty();
        await Screenshots.TakeAsync(openPage.Page, view, device);
    }
}
