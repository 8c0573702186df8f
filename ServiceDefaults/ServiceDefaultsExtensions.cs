using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults.Access;

namespace Microsoft.Extensions.Hosting;

/// <summary>
/// Common to every service: how times are read, plain log lines, telemetry, the listener filter, <c>/health</c> and <c>/alive</c>.
/// </summary>
public static class ServiceDefaultsExtensions
{
    private const string LiveTag = "live";

    /// <summary>Adds logging, OpenTelemetry (where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set) and the health check <c>self</c>.</summary>
    /// <exception cref="StartException">A setting of the log lines has a value that it cannot have.</exception>
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
    /// Goes before everything else that an application serves: puts the filter against foreign web pages before it, gives errors a body,
    /// and maps <c>GET /alive</c> (the process answers) and <c>GET /health</c> (every registered check passes: 200, else 503 and why),
    /// which need no key.
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
