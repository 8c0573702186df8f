using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace CloudTicks.Dashboard.BrowserTests.Browsing;

/// <summary>
/// A page in a separate browser context. It records what our pages must never do: log errors to the console, or send requests to another
/// host.
/// </summary>
internal sealed class OpenPage : IAsyncDisposable
{
    /// <summary>
    /// The message that the browser logs for a failed response. Tests provoke such responses, and the page reports them itself.
    /// </summary>
    private const string FailedResponse = "Failed to load resource";

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _violations = new();

    private OpenPage(IBrowserContext context, IPage page) => (_context, Page) = (context, page);

    public IPage Page { get; }

    /// <summary>
    /// The console errors and warnings except those for failed responses, the uncaught errors, and the requests to other hosts.
    /// </summary>
    public IReadOnlyList<string> Violations => [.. _violations];

    public static async Task<OpenPage> CreateAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var openPage = new OpenPage(context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !message.Text.StartsWith(FailedResponse, StringComparison.Ordinal))
            {
                openPage._violations.Enqueue($"console: {message.Text}");
            }
        };
        page.PageError += (_, error) => openPage._violations.Enqueue($"error: {error}");
        page.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme is not ("data" or "blob") && address.Host != "127.0.0.1")
            {
                openPage._violations.Enqueue($"request: {request.Url}");
            }
        };
        return openPage;
    }

    /// <summary>Opens a view.</summary>
    public Task GoAsync(Uri dashboard, string path) =>
        Page.GotoAsync(new Uri(dashboard, path).ToString(), new PageGotoOptions { WaitUntil = WaitUntilState.DOMContentLoaded });

    /// <summary>Waits until a script returns true. The exception for a timeout contains the page's text.</summary>
    public async Task UntilAsync(string script)
    {
        try
        {
            await Page.WaitForFunctionAsync(script, null, new PageWaitForFunctionOptions { PollingInterval = 50 });
        }
        catch (TimeoutException)
        {
            throw new TimeoutException(
                $"The script did not return true in time: {script}\n{string.Join('\n', Violations)}\n{await Page.InnerTextAsync("body")}");
        }
    }

    /// <summary>Signs in with a key, as a user does.</summary>
    public async Task SignInAsync(string key)
    {
        await SubmitKeyAsync(key);
        await UntilAsync(
            """
            () => {
              if (document.querySelector('.session').textContent.includes('Sign out')) return true;
              const fault = document.querySelector('#sign-in-fault');
              if (fault?.textContent.includes('Try again')) { // the central hub answered too late
                fault.textContent = '';
                fault.closest('form').requestSubmit();
              }
            }
            """);
    }

    /// <summary>Enters a key and submits it.</summary>
    public async Task SubmitKeyAsync(string key)
    {
        await Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Page.GetByLabel("Key", new PageGetByLabelOptions { Exact = true }).FillAsync(key);
        await Page.Keyboard.PressAsync("Enter");
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
