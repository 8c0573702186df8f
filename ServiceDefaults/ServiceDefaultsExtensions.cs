using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults.Access;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// What every service has in common: time formats, plain log lines, telemetry, the listener filter, <c>/health</c> and <c>/alive</c>.
/// </summary>
public static class ServiceDefaultsExtensions
{
    private const string LiveTag = "live";

    /// <summary>
    /// Adds logging, OpenTelemetry (if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set), the health check <c>self</c> and the listener filter.
    /// </summary>
    /// <exception cref="StartException">A logging setting has an invalid value.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        TimeSetting.Register();
        builder.ConfigureConsoleLines();
        builder.ConfigureOpenTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddListenerFilter();
        return builder;
    }

    /// <summary>
    /// Adds the listener filter and the bodies of error responses, and maps <c>GET /alive</c> (the process responds) and
    /// <c>GET /health</c> (503 if a check is unhealthy, otherwise 200; the body lists the problems). Both need no key. Call this method
    /// before mapping other routes.
    /// </summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseErrorBodies();
        app.UseListenerFilter();
        var healthOptions = new HealthCheckOptions { ResponseWriter = HealthText.WriteAsync };
        var aliveOptions = new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) };
        app.MapHealthChecks("/health", healthOptions).AllowAnonymous().WithMetadata(new LocalNamesOnly());
        app.MapHealthChecks("/alive", aliveOptions).AllowAnonymous().WithMetadata(new LocalNamesOnly());
        return app;
    }
}
