using CloudTicks.TestServices;
using Microsoft.Playwright;

namespace CloudTicks.Dashboard.BrowserTests.Browsing;

/// <summary>One Chromium for all tests. Each test has a separate browser context.</summary>
public sealed class ChromiumFixture : IAsyncLifetime
{
    /// <summary>A host name that resolves to this machine, as in a DNS rebinding attack.</summary>
    public const string ReboundHost = "rebound.example";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>Starts Chromium.</summary>
    public async ValueTask InitializeAsync()
    {
        // A machine that builds and tests at once is slow; a longer timeout delays no test that passes.
        Assertions.SetDefaultExpectTimeout(60_000);
        var installation = await BrowserInstallation.GetAsync();
        _playwright = await Playwright.CreateAsync();
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!);
        foreach (var (name, value) in installation.Environment)
        {
            environment[name] = value;
        }

        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = installation.Program,
            Args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                $"--host-resolver-rules=MAP {ReboundHost} 127.0.0.1"],
            Env = environment,
            Timeout = 180_000,
        });
    }

    /// <summary>Opens an empty page.</summary>
    /// <param name="device">The screen size and colour mode; a desktop in light mode by default.</param>
    internal async Task<OpenPage> OpenAsync(Device? device = null)
    {
        var chosen = device ?? Device.Desktop;
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = chosen.Width, Height = chosen.Height },
            ColorScheme = chosen.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            DeviceScaleFactor = chosen.Scale,
            HasTouch = chosen.IsPhone,
            AcceptDownloads = true,
        });
        return await OpenPage.CreateAsync(context);
    }

    /// <summary>Closes Chromium.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
