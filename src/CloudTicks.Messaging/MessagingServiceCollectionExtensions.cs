using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Messaging;

/// <summary>Registers messaging in a service.</summary>
public static class MessagingServiceCollectionExtensions
{
    private const string ConnectionName = "nats";

    /// <summary>Adds a <see cref="NatsPublisher"/> and its health check <c>nats-publisher</c>, for the connection string
    /// <c>nats</c>.</summary>
    public static IServiceCollection AddNatsPublisher(this IServiceCollection services)
    {
        services.AddNatsSettings();
        services.TryAddSingleton<NatsPublisher>();
        services.AddHealthChecks().AddNats("nats-publisher", provider => provider.GetRequiredService<NatsPublisher>().Problem);
        return services;
    }

    /// <summary>Adds a <see cref="NatsSubscriber"/> and its health check <c>nats-subscriber</c>.</summary>
    public static IServiceCollection AddNatsSubscriber(this IServiceCollection services)
    {
        services.AddNatsSettings();
        services.TryAddSingleton<NatsSubscriber>();
        services.AddHealthChecks().AddNats("nats-subscriber", provider => provider.GetRequiredService<NatsSubscriber>().Problem);
        return services;
    }

    /// <summary>Adds the address of NATS, validated at startup, and the metrics, for services that create their own subscriber.</summary>
    public static void AddNatsSettings(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddOptions<NatsOptions>()
            .Configure<IConfiguration>(
                (options, configuration) => options.ConnectionString = configuration.GetConnectionString(ConnectionName))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<NatsOptions>, NatsOptionsValidation>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<MessagingMetrics>();
        services.TryAddSingleton(
            provider => NatsConnectionSettings.Parse(provider.GetRequiredService<IOptions<NatsOptions>>().Value.ConnectionString));
    }

    private static void AddNats(this IHealthChecksBuilder checks, string name, Func<IServiceProvider, string?> problem) =>
        checks.Add(new HealthCheckRegistration(
            name, provider => new NatsHealthCheck(provider.GetRequiredService<NatsConnectionSettings>(), () => problem(provider)),
            failureStatus: null, tags: null));
}
