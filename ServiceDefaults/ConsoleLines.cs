using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Logs;

namespace Microsoft.Extensions.Hosting;

internal static class ConsoleLines
{
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";

    /// <summary>
    /// Configures console logging: one line per entry, without colours, times in UTC, with the level and format of <c>--log-level</c> and
    /// <c>--log-json</c>. Requests and internal steps of the framework are not logged.
    /// </summary>
    /// <exception cref="StartException">The level or the format is unknown.</exception>
    public static void ConfigureConsoleLines(this IHostApplicationBuilder builder)
    {
        var settings = LogSettings.Read(builder.Configuration);
        var isDebug = settings.Level == LogLevel.Debug;
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton(SettingNames.Plain);
        builder.Logging.AddConsoleFormatter<PlainLineFormatter, LineOptions>(options => options.IncludesStack = isDebug);
        builder.Logging.AddConsoleFormatter<JsonLineFormatter, LineOptions>(options => options.IncludesStack = isDebug);
        builder.Logging.AddConsole(console =>
            console.FormatterName = settings.Json ? JsonLineFormatter.FormatterName : PlainLineFormatter.FormatterName);
        builder.Logging.SetMinimumLevel(settings.Level);
        var frameworkLevel = (LogLevel)Math.Max((int)settings.Level, (int)LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", frameworkLevel);
        builder.Logging.AddFilter("System.Net.Http", frameworkLevel);
        // The program itself reports what prevents the start. A service that fails later and stops the host is logged as critical.
        builder.Logging.AddFilter(HostCategory, LogLevel.Critical);
        // The response of /health contains the results; a line for each request would hide the other lines.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // The listening addresses are logged elsewhere; the framework's hints about Ctrl-C and the service's folder are not needed.
        builder.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = !isDebug);
    }
}
