using CloudTicks.Functions.Hosting.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using CloudTicks.Functions.Hosting.Timers;
using CloudTicks.Functions.Hosting.WorstCase;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.Access;

namespace CloudTicks.Functions.Hosting;

/// <summary>Registers the host's services. Apps call <see cref="Microsoft.Azure.Functions.Worker.Builder.FunctionsApplication"/>.</summary>
internal static class FunctionsHostingExtensions
{
    /// <summary>The time limit for a shutdown: a process has 5 s after SIGTERM, even if the event hub is unreachable.</summary>
    private static readonly TimeSpan ShutdownTime = TimeSpan.FromSeconds(4.5);

    public static void AddFunctions(this IHostApplicationBuilder builder, IReadOnlyList<Type> types)
    {
        var functions = FunctionCatalog.Find(types);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.AddListenerFilter();
        builder.Services.AddOptions<EventHubTriggerOptions>()
            .Configure<IConfiguration, IHostEnvironment>((options, settings, environment) =>
            {
                HostJson.Read(environment.ContentRootPath, settings).GetSection(EventHubTriggerOptions.HostJsonSection).Bind(options);
                settings.GetSection(EventHubTriggerOptions.Section).Bind(options);
            })
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddWorstCase();
        builder.Services.Configure<HostOptions>(options =>
        {
            options.ShutdownTimeout = ShutdownTime;
            options.ServicesStopConcurrently = true;
        });
        builder.Services.AddSingleton(functions.EventHubs);
        builder.Services.AddSingleton(functions.Timers);
        builder.Services.AddSingleton(functions.Http);
        builder.Services.AddSingleton<FunctionsMetrics>();
        builder.Services.AddSingleton<TriggerHealth>();
        builder.Services.AddHealthChecks().AddCheck<TriggerHealth>(TriggerHealth.Name);
        builder.Services.AddHostedService<EventHubListeners>();
        builder.Services.AddHostedService<TimerListeners>();
        builder.Services.AddMvcCore(); // Executes the IActionResults that functions return; apps have no controllers.
    }
}
