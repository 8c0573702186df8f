using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace CloudTicks.Dashboard.Files;

/// <summary>Serves the web page in <c>wwwroot</c>: assets under hashed names, and <c>index.html</c> for every view.</summary>
internal static class PageFiles
{
    private const string Assets = "/assets";
    private const string IndexFile = "index.html";
    private const string ImmutableCaching = "public, max-age=31536000, immutable";
    private const string NotBuiltMessage =
        "The page is not built. Restore src/CloudTicks.Dashboard/wwwroot, or build it with Node.js (npm run build), then start again.\n";

    private static readonly string[] Views = ["/", "/symbol/{symbol}", "/pipeline", "/configuration"];

    public static void MapPage(this WebApplication app)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        var indexPath = Path.Combine(folder, IndexFile);
        if (Directory.Exists(folder))
        {
            app.UseStaticFiles(new StaticFileOptions
            {
                FileProvider = new PhysicalFileProvider(folder),
                ContentTypeProvider = new FileExtensionContentTypeProvider(),
                OnPrepareResponse = file => file.Context.Response.Headers.CacheControl =
                    file.Context.Request.Path.StartsWithSegments(Assets, StringComparison.Ordinal) ? ImmutableCaching : "no-cache",
            });
        }

        if (!File.Exists(indexPath))
        {
            app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PageFiles)).PageMissing(folder);
        }

        foreach (var view in Views)
        {
            app.MapMethods(view, [HttpMethods.Get, HttpMethods.Head], context => ServeAsync(context, indexPath)).AllowAnonymous();
        }
    }

    private static async Task ServeAsync(HttpContext context, string indexPath)
    {
        if (!File.Exists(indexPath))
        {
            await Results.Text(NotBuiltMessage, "text/plain; charset=utf-8", statusCode: StatusCodes.Status503ServiceUnavailable)
                .ExecuteAsync(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-cache";
        await Results.File(indexPath, "text/html; charset=utf-8").ExecuteAsync(context);
    }
}
