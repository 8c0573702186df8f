using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The pipeline view when everything is healthy, and when a part is unavailable.</summary>
[Collection(WholeSystemCollection.Name)]
public sealed class PipelineTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    private const string IsWellScript = "() => document.querySelector('.verdict')?.dataset.state === 'well'";
    private const string IsTroubleScript = "() => document.querySelector('.verdict')?.dataset.state === 'trouble'";

    [Fact]
    public async Task Pipeline_announces_a_stopped_collector_on_every_view()
    {
        await using var openPage = await chromium.OpenAsync();
        await using var otherPage = await chromium.OpenAsync();
        var page = openPage.Page;
        await openPage.GoAsync(fixture.System.Dashboard.Address, "/pipeline");
        await otherPage.GoAsync(fixture.System.Dashboard.Address, "/");
        await openPage.UntilAsync(IsWellScript);
        await Expect(page.Locator("[data-part=collector] .state")).ToHaveTextAsync("healthy");
        await openPage.UntilAsync("() => /^[1-9]/.test(document.querySelector('.drawing .rate')?.textContent)");

        var address = fixture.System.Collector.Address;
        await fixture.System.Collector.KillAsync();
        await openPage.UntilAsync(IsTroubleScript);
        await Expect(page.Locator(".verdict")).ToContainTextAsync("collector");
        await Expect(page.Locator(".pipeline > .cure")).Not.ToBeEmptyAsync();
        await Expect(page.Locator("[data-part=collector] .state")).ToHaveTextAsync("away");
        await Expect(otherPage.Page.Locator("[data-notice=health]")).ToContainTextAsync("collector");

        await fixture.System.Collector.DisposeAsync();
        // Begin to wait before the notice appears, because it disappears after some seconds.
        var notice = Expect(otherPage.Page.Locator("[data-notice=health]"))
            .ToContainTextAsync("All is well again", new() { Timeout = 180_000 });
        await fixture.System.StartCollectorAsync(address.ToString());
        await openPage.UntilAsync(IsWellScript);
        await notice;
        openPage.Violations.ShouldBeEmpty();
        otherPage.Violations.ShouldBeEmpty();
    }
}
