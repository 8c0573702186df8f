using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Logs;

namespace Microsoft.Extensions.Hosting;

internal static class ConsoleLines
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>
    /// One line a fact, without colour, times in UTC, of the level and in the form that <c>--log-level</c> and <c>--log-json</c> ask for;
    /// requests served and the framework's steps are not facts worth a line.
    /// </summary>
    /// <exception cref="StartException">The level, or the form, is none.</exception>
    public static void ConfigureConsoleLines(this IHostApplicationBuilder builder)
    {
        var settings = LogSettings.Read(builder.Configuration);
        var isDebug = settings.Level == LogLevel.Debug;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(SettingNames.Plain);
        builder.Logging.AddConsoleFormatter<PlainLineFormatter, LineOptions>(options => options.Stack = isDebug);
        builder.Logging.AddConsoleFormatter<JsonLineFormatter, LineOptions>(options => options.Stack = isDebug);
        builder.Logging.AddConsole(console =>
            console.FormatterName = settings.Json ? JsonLineFormatter.FormatterName : PlainLineFormatter.FormatterName);
        builder.Logging.SetMinimumLevel(settings.Level);
        var framework = (LogLevel)Math.Max((int)settings.Level, (int)LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", framework);
        builder.Logging.AddFilter("System.Net.Http", framework);
        // The program reports what fails the start. A service that fails later is logged at this level, too, when it stops the host.
        builder.Logging.AddFilter(HostCategory, LogLevel.Critical);
        // The answer of /health has it; a line for each request would bury the rest.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // Where a service listens is a fact and comes from elsewhere; that Ctrl-C stops it, and where its folder is, is none.
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = !isDebug);
    }
}
