using System.Net;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using CloudTicks.Dashboard.Tests;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>The web page of a dashboard that other machines can reach.</summary>
[Collection(WholeSystemCollection.Name)]
public sealed class RemoteTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    private static int _names;

    [Fact]
    public async Task Page_follows_the_role_of_the_key()
    {
        var reader = await CreateKeyAsync("reader");
        await using var dashboard = await StartAsync();
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        var streamUrls = new List<string>();
        page.Response += (_, response) =>
        {
            if (response.Ok && response.Url.Contains("/api/", StringComparison.Ordinal)
                && !response.Url.EndsWith("/session", StringComparison.Ordinal))
            {
                streamUrls.Add(response.Url);
            }
        };
        await openPage.GoAsync(dashboard.Address, "/");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Sign in to view data");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("main")).ToContainTextAsync("requires a key of the central hub");
        streamUrls.ShouldBeEmpty();

        await openPage.SignInAsync(reader);
        await Expect(page.Locator("[data-symbol=EURUSD] .last")).ToContainTextAsync(".");
        await page.Keyboard.PressAsync("4");
        await OpenFormAsync(page);
        await Expect(page.GetByLabel("Rate limit per second")).ToBeDisabledAsync();
        await SignOutAsync(page);
        await Expect(page.Locator("body")).Not.ToContainTextAsync("EURUSD");

        await page.GetByRole(AriaRole.Dialog).GetByLabel("Key").FillAsync(WholeSystem.WriterKey);
        await page.Keyboard.PressAsync("Enter");
        await OpenFormAsync(page);
        await Expect(page.GetByLabel("Rate limit per second")).ToBeEnabledAsync();
        await SignOutAsync(page);
        openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Page_behind_a_TLS_proxy_signs_in_under_the_proxys_name()
    {
        await using var dashboard = await StartAsync(("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = dashboard.Address };
        foreach (var (name, value) in ((string, string)[])[("Host", "ticks.example"), ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-For", "192.0.2.7"), ("Origin", "https://ticks.example")])
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        var client = new PageClient(http);
        (await client.ReadSessionAsync()).GetProperty("role").GetString().ShouldBe("none");
        (await client.SignInAsync(WholeSystem.WriterKey)).GetProperty("can_write").GetBoolean().ShouldBeTrue();
        client.SetCookie!.ToLowerInvariant().ShouldContain("secure");
        using var read = await client.SendAsync(HttpMethod.Get, "/api/v1/config");
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        read.Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
    }

    private static async Task OpenFormAsync(IPage page) =>
        await page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "Form" }).ClickAsync();

    private static async Task SignOutAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign out" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Sign in to view data");
    }

    private Task<string> CreateKeyAsync(string role) => fixture.System.CreateKeyAsync($"{role}{Interlocked.Increment(ref _names)}", role);

    private async Task<ServiceProcess> StartAsync(params (string Name, string Value)[] environment) =>
        await fixture.System.StartDashboardAsync(
            "http://0.0.0.0:0", [("CLOUDTICKS_HUB_KEY", await CreateKeyAsync("reader")), .. environment]);
}
