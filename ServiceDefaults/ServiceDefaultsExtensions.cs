using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every CloudTicks service has in common: plain log lines, telemetry, <c>/health</c> and <c>/alive</c>.</summary>
public static class ServiceDefaultsExtensions
{
    private const string LiveTag = "live";

    /// <summary>Adds logging, OpenTelemetry (when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set) and a health check named <c>self</c>.</summary>
    /// <param name="builder">The service's host builder.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="LogSettingException">A setting of the log lines has a value that it cannot have.</exception>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ConfigureConsoleLines();
        builder.ConfigureOpenTelemetry();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary>
    /// Maps <c>GET /alive</c> (the process answers) and <c>GET /health</c> (every registered check passes: 200, else 503 and why).
    /// Both answer everybody, with a key or without.
    /// </summary>
    /// <param name="app">The service's application.</param>
    /// <returns>The same application.</returns>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = HealthText.WriteAsync }).AllowAnonymous();
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) }).AllowAnonymous();
        return app;
    }
}
