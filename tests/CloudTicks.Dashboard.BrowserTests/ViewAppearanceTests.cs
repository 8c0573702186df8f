using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The appearance of every view with the whole system, on a desktop and a phone, in light and dark mode.</summary>
[Collection(WholeSystemCollection.Name)]
public sealed class ViewAppearanceTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Views_fit_the_screen_and_call_no_other_host(bool isPhone, bool isDark)
    {
        await fixture.System.PatchAsync(ConfigurationTests.Rollout);
        var device = (isPhone ? Device.Phone : Device.Desktop) with { IsDark = isDark };
        await using var openPage = await chromium.OpenAsync(device);
        var page = openPage.Page;
        await openPage.GoAsync(fixture.System.Dashboard.Address, "/");
        await openPage.SignInAsync(WholeSystem.WriterKey);
        await Expect(page.Locator("[data-symbol=EURUSD] .last")).ToContainTextAsync(".");
        await CheckAsync("board");

        await page.Keyboard.PressAsync("2");
        await openPage.UntilAsync(
            "() => document.querySelector('.chart-place') && !document.querySelector('[aria-busy]') && document.querySelectorAll('tbody "
                + "tr').length > 3");
        await CheckAsync("symbol");

        await page.Keyboard.PressAsync("3");
        await Expect(page.Locator(".drawing")).ToBeVisibleAsync();
        await openPage.UntilAsync("() => document.querySelector('.verdict')?.dataset.state === 'well'");

        await CheckAsync("pipeline");

        await page.Keyboard.PressAsync("4");
        await page.Locator("[data-flag=nasdaq] input[type=range]").FillAsync("10");
        await Expect(page.Locator("[data-flag=nasdaq] .preview")).ToContainTextAsync("Turns on");
        await CheckAsync("rollouts");
        await page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "Form" }).ClickAsync();
        await page.GetByLabel("Rate limit per second").FillAsync("60");
        await CheckAsync("form");
        await page.Keyboard.PressAsync("Control+s");
        await Expect(page.Locator(".review .diff")).ToBeVisibleAsync();
        await CheckAsync("review");
        await page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "History" }).ClickAsync();
        await Expect(page.Locator(".versions-list > li").First).ToBeVisibleAsync();
        await CheckAsync("history");
        await page.Keyboard.PressAsync("?");
        await CheckAsync("keys");
        openPage.Violations.ShouldBeEmpty();

        async Task CheckAsync(string view)
        {
            (await TextContrast.FaultsAsync(page)).ShouldBeEmpty($"{view}, {device}");
            (await page.EvaluateAsync<int>(
                "() => Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth) - innerWidth"))
                    .ShouldBeLessThanOrEqualTo(0, $"{view}, {device}");
            await Screenshots.TakeAsync(page, view, device);
        }
    }
}
