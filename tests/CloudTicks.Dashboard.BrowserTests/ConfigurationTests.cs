using System.Text.RegularExpressions;
using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>Reading and changing the collectors' document, from the dashboard to the collected symbols.</summary>
[Collection(WholeSystemCollection.Name)]
public sealed class ConfigurationTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    internal const string Rollout =
        """
        {"operational":{"symbols":["EURUSD","GBPUSD"],"rate_limit_per_second":100,"batch_interval":0.25,"rollouts":[{"flag":"nasdaq","list":"nasdaq-100"}]},
         "feature_management":{"feature_flags":[{"id":"nasdaq","enabled":true,"conditions":{"client_filters":[
           {"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":0}}}]}}]}}
        """;

    private Uri Address => fixture.System.Dashboard.Address;

    [Fact]
    public async Task Configuration_is_read_only_without_a_writers_key()
    {
        await fixture.System.PatchAsync(Rollout);
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        await openPage.GoAsync(Address, "/configuration");
        await Expect(page.Locator("[data-flag=nasdaq] input[type=range]")).ToBeDisabledAsync();
        await Expect(page.Locator("[data-flag=nasdaq] button").First).ToBeDisabledAsync();

        await OpenTabAsync(page, "Form");
        await Expect(page.GetByLabel("Rate limit per second")).ToHaveValueAsync("100");
        await Expect(page.GetByLabel("Rate limit per second")).ToBeDisabledAsync();
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check changes" })).ToBeDisabledAsync();

        // The server refuses the request even if it is sent without the page's buttons.
        var status = await page.EvaluateAsync<int>(
            """
            async () => {
              const { token } = await (await fetch('/api/page/session')).json();
              const headers = { 'X-CloudTicks-Token': token, 'Content-Type': 'application/json' };
              return (await fetch('/api/v1/config/polygon-live-collector', { method: 'POST', headers, body: '{"operational":{"rate_limit_per_second":1}}' })).status;
            }
            """);
        status.ShouldBeOneOf(401, 403);

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await page.GetByLabel("Key", new PageGetByLabelOptions { Exact = true }).FillAsync("not-a-key");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#sign-in-fault")).ToContainTextAsync("key");
        openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Rollout_slider_previews_and_applies_a_step()
    {
        await fixture.System.PatchAsync(Rollout);
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        await openPage.GoAsync(Address, "/configuration");
        await openPage.SignInAsync(WholeSystem.WriterKey);
        var card = page.Locator("[data-flag=nasdaq]");
        await card.Locator("input[type=range]").FillAsync("10");
        await Expect(card.Locator(".preview")).ToContainTextAsync("Turns on");

        // Another user's version redraws the card, but keeps the slider where the user moved it.
        await card.EvaluateAsync("card => card.dataset.old = 'yes'");
        await fixture.System.PatchAsync("""{"operational":{"rate_limit_per_second":90}}""");
        await Expect(page.Locator("[data-flag=nasdaq][data-old]")).ToHaveCountAsync(0);
        await Expect(card.Locator("input[type=range]")).ToHaveValueAsync("10");
        await Expect(card.Locator(".preview")).ToContainTextAsync("Turns on");
        var symbol = await card.Locator(".preview .chip").First.TextContentAsync();

        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Apply 10 %" }).ClickAsync();
        await Expect(card.Locator("[data-list=on]")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("1");
        await page.GetByLabel("Filter symbols and markets").FillAsync(symbol!);
        await Expect(page.Locator($"[data-symbol='{symbol}'] .last")).ToContainTextAsync(".");

        // Restore the earlier version with one click in the history.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Configuration" }).ClickAsync();
        await OpenTabAsync(page, "History");
        var previousVersion = page.Locator(".versions-list > li").Nth(1);
        await Expect(page.Locator(".versions-list > li").First).ToContainTextAsync("rollout by");
        var notice = Expect(page.Locator("[data-notice=rolled-back]")).ToContainTextAsync("is in force again");
        await previousVersion.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Roll back" }).ClickAsync();
        await notice;
        await OpenTabAsync(page, "Rollouts");
        await Expect(page.Locator("[data-flag=nasdaq] [data-list=off]")).ToContainTextAsync("101");
        openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Editing_keeps_concurrent_changes_of_different_fields()
    {
        await fixture.System.PatchAsync(Rollout);
        await using var anna = await chromium.OpenAsync();
        await using var ben = await chromium.OpenAsync();
        foreach (var openPage in (OpenPage[])[anna, ben])
        {
            await openPage.GoAsync(Address, "/configuration");
            await openPage.SignInAsync(WholeSystem.WriterKey);
            await OpenTabAsync(openPage.Page, "Form");
        }

        await ben.Page.GetByLabel("Batch interval").FillAsync("0.5");
        await anna.Page.GetByLabel("Rate limit per second").FillAsync("70");
        await SaveAsync(anna.Page, "calmer");

        var conflictDialog = ben.Page.GetByRole(AriaRole.Alertdialog);
        await Expect(conflictDialog).ToContainTextAsync("You changed different fields");
        await Expect(conflictDialog).ToContainTextAsync("calmer");
        await Expect(conflictDialog.Locator(".diff").First).ToContainTextAsync("70");
        await Expect(conflictDialog.Locator(".diff").Last).ToContainTextAsync("0.5");
        await conflictDialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Apply my changes to theirs" }).ClickAsync();
        await SaveAsync(ben.Page, "quicker");

        var operational = (await fixture.System.Functions.GetAsync("api/v1/config/polygon-live-collector")).GetProperty("operational");
        operational.GetProperty("rate_limit_per_second").GetInt32().ShouldBe(70);
        operational.GetProperty("batch_interval").GetDouble().ShouldBe(0.5);
        ben.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Editing_shows_both_versions_of_a_concurrent_change()
    {
        await fixture.System.PatchAsync(Rollout);
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        // Block the page's long polls, so that only the response to its own change reveals a newer version.
        await page.RouteAsync(new Regex("wait="), route => route.AbortAsync());
        var saving = new TaskCompletionSource<IRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync(new Regex("comment="), saving.SetResult);
        await openPage.GoAsync(Address, "/configuration");
        await openPage.SignInAsync(WholeSystem.WriterKey);
        await OpenTabAsync(page, "Form");
        await page.GetByLabel("Rate limit per second").FillAsync("72");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check changes" }).ClickAsync();
        await page.GetByLabel("Comment").FillAsync("quicker");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save", Exact = true }).ClickAsync();
        var request = await saving.Task.WaitAsync(TestContext.Current.CancellationToken);
        await fixture.System.PatchAsync("""{"operational":{"rate_limit_per_second":71}}""");
        await request.ContinueAsync();

        var conflictDialog = page.GetByRole(AriaRole.Alertdialog);
        await Expect(conflictDialog).ToContainTextAsync("Nothing was saved, and your changes are kept. Both of you changed");
        await Expect(conflictDialog.Locator(".diff").First).ToContainTextAsync("71");
        await Expect(conflictDialog.Locator(".diff").Last).ToContainTextAsync("72");
        var saved = await fixture.System.Functions.GetAsync("api/v1/config/polygon-live-collector");
        saved.GetProperty("operational").GetProperty("rate_limit_per_second").GetInt32().ShouldBe(71);

        await conflictDialog.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Use theirs, discard mine" }).ClickAsync();
        await Expect(page.GetByLabel("Rate limit per second")).ToHaveValueAsync("71");
        openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Editing_shows_a_refusal_at_its_field_and_keeps_the_text()
    {
        await fixture.System.PatchAsync(Rollout);
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        await openPage.GoAsync(Address, "/configuration");
        await openPage.SignInAsync(WholeSystem.WriterKey);
        await OpenTabAsync(page, "Form");
        await page.GetByLabel("Lists").FillAsync("no-such-list");
        await page.Keyboard.PressAsync("Control+s");
        await Expect(page.Locator("[data-pointer='/operational/lists'] .fault")).ToContainTextAsync("no-such-list");

        // Switch to another view and back: the page keeps the draft.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Pipeline" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Configuration" }).ClickAsync();
        await OpenTabAsync(page, "Form");
        await Expect(page.GetByLabel("Lists")).ToHaveValueAsync("no-such-list");
        openPage.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Registered_service_has_document_history_and_rollouts()
    {
        await using var openPage = await chromium.OpenAsync();
        var page = openPage.Page;
        await openPage.GoAsync(Address, "/configuration");
        await openPage.SignInAsync(WholeSystem.WriterKey);

        // Register a service while the page is open.
        await fixture.System.RegisterAsync("mailer", """
            {"schema":{"type":"object","required":["letters"],"properties":{
               "letters":{"type":"integer","minimum":1,"maximum":100,"description":"Letters a minute"},"feature_management":{"type":"object"}}},
             "defaults":{"letters":10,"feature_management":{"feature_flags":[{"id":"night","enabled":true,"conditions":{"client_filters":[
               {"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":0}}}]}}]}}}
            """);
        var serviceSelector = page.GetByLabel("Service");
        await serviceSelector.FocusAsync();
        await Expect(serviceSelector.Locator("option")).ToHaveTextAsync(["polygon-live-collector", "tick-functions", "mailer"]);
        await serviceSelector.SelectOptionAsync("mailer");

        await Expect(page.GetByLabel("Letters")).ToHaveValueAsync("10");
        await page.GetByLabel("Letters").FillAsync("50");
        await SaveAsync(page, "a busy week");

        await OpenTabAsync(page, "Rollouts");
        var card = page.Locator("[data-flag=night]");
        await Expect(card).ToContainTextAsync("of mailer");
        await card.Locator("input[type=range]").FillAsync("25");
        await Expect(card.Locator(".preview")).ToContainTextAsync("night");
        var notice = Expect(page.Locator("[data-notice=rollout-night]")).ToContainTextAsync("as version 2");
        await card.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Apply 25 %" }).ClickAsync();
        await notice;

        await OpenTabAsync(page, "History");
        await Expect(page.Locator(".versions-list > li")).ToHaveCountAsync(2);
        await Expect(page.Locator(".versions-list > li").First).ToContainTextAsync("rollout by");
        await Expect(page.Locator(".versions-list > li").Last).ToContainTextAsync("a busy week");
        var stored = await fixture.System.Functions.GetAsync("api/v1/config/mailer");
        stored.GetProperty("letters").GetInt32().ShouldBe(50);
        openPage.Violations.ShouldBeEmpty();
    }

    private static Task OpenTabAsync(IPage page, string name) =>
        page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = name }).ClickAsync();

    private static async Task SaveAsync(IPage page, string comment)
    {
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Check changes" }).ClickAsync();
        await page.GetByLabel("Comment").FillAsync(comment);
        // Begin to wait before the notice appears, because it disappears after some seconds.
        var notice = Expect(page.Locator("[data-notice=saved]")).ToContainTextAsync("Saved as version");
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Save", Exact = true }).ClickAsync();
        await notice;
    }
}
