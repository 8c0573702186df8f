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

    /// <summary>Adds logging, OpenTelemetry (if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set) and the health check <c>self</c>.</summary>
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
    /// Call it before mapping other routes: adds the filter against cross-site requests and bodies for errors, and maps <c>GET /alive</c>
    /// (the process responds) and <c>GET /health</c> (200 if every registered check passes, otherwise 503 with the reasons). Neither needs
    /// a key.
    /// </summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseErrorBodies();
        app.UseListenerFilter();
        var health = new HealthCheckOptions { ResponseWriter = HealthText.WriteAsync };
        var alive = new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) };
        app.MapHealthChecks("/health", health).AllowAnonymous().WithMetadata(new LocalNamesOnly());
        app.MapHealthChecks("/alive", alive).AllowAnonymous().WithMetadata(new LocalNamesOnly());
        return app;
    }
}
