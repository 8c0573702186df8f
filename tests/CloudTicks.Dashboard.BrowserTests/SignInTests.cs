using System.Text.RegularExpressions;
using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

[Collection(WholeSystemCollection.Name)]
public sealed class SignInTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    [Fact]
    public async Task Early_sign_in_waits_for_the_first_read_of_the_session()
    {
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        var firstRead = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(
            new Regex("/api/page/session"),
            route => route.Request.Method == "GET" && firstRead.TrySetResult(route) ? Task.CompletedTask : route.ContinueAsync());
        await openPage.GoAsync(fixture.System.Dashboard.Address, "/");

        await openPage.SubmitKeyAsync(WholeSystem.WriterKey);
        await Expect(page.Locator("dialog .primary")).ToBeDisabledAsync();
        await (await firstRead.Task).ContinueAsync();

        await Expect(page.Locator(".session")).ToContainTextAsync("Sign out");
        openPage.Violations.ShouldBeEmpty();
    }
}
