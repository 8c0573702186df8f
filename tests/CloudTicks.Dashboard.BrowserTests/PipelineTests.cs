using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The pipeline view when everything is healthy, and when a part is unavailable.</summary>
[Collection(WholeSystemCollection.Name)]
public sealed class PipelineTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    private const string Well = "() => document.querySelector('.verdict')?.dataset.state === 'well'";
    private const string Trouble = "() => document.querySelector('.verdict')?.dataset.state === 'trouble'";

    [Fact]
    public async Task Pipeline_announces_a_stopped_collector_on_every_view()
    {
        await using var open = await chromium.OpenAsync();
        await using var elsewhere = await chromium.OpenAsync();
        var page = open.Page;
        await open.GoAsync(fixture.System.Dashboard.Address, "/pipeline");
        await elsewhere.GoAsync(fixture.System.Dashboard.Address, "/");
        await open.UntilAsync(Well);
        await Expect(page.Locator("[data-part=collector] .state")).ToHaveTextAsync("healthy");
        await open.UntilAsync("() => /^[1-9]/.test(document.querySelector('.drawing .rate')?.textContent)");

        var address = fixture.System.Collector.Address;
        await fixture.System.Collector.KillAsync();
        await open.UntilAsync(Trouble);
        await Expect(page.Locator(".verdict")).ToContainTextAsync("collector");
        await Expect(page.Locator(".pipeline > .cure")).Not.ToBeEmptyAsync();
        await Expect(page.Locator("[data-part=collector] .state")).ToHaveTextAsync("away");
        await Expect(elsewhere.Page.Locator("[data-notice=health]")).ToContainTextAsync("collector");

        await fixture.System.Collector.DisposeAsync();
        await fixture.System.StartCollectorAsync(address.ToString());
        await open.UntilAsync(Well);
        await Expect(elsewhere.Page.Locator("[data-notice=health]")).ToContainTextAsync("All is well again");
        open.Violations.ShouldBeEmpty();
        elsewhere.Violations.ShouldBeEmpty();
    }
}
