using Microsoft.Playwright;

namespace CloudTicks.Dashboard.BrowserTests.Browsing;

/// <summary>Takes screenshots of views, if <c>CLOUDTICKS_PICTURES</c> names a folder for them.</summary>
internal static class Screenshots
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CLOUDTICKS_PICTURES");

    public static async Task TakeAsync(IPage page, string view, Device device)
    {
        if (Folder is { Length: > 0 })
        {
            await page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Folder, $"{view}-{device}.png"),
                Animations = ScreenshotAnimations.Disabled
            });
        }
    }
}
