using Microsoft.Extensions.DependencyInjection;
using ServiceDefaults.Access;

namespace CloudTicks.Functions.Access;

internal static class AccessServiceCollectionExtensions
{
    /// <summary>Adds the gate and the key handlers; the caller adds the database.</summary>
    /// <exception cref="FormatException">A key in the environment is too easy to guess, or invalid in a header.</exception>
    public static IServiceCollection AddGate(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>()
            .BindConfiguration(AccessOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(EnvironmentKeys.Read());
        services.AddSingleton<LocalCallers>();
        services.AddSingleton<KeyRing>();
        services.AddSingleton<RequestRates>();
        services.AddListenerFilter();
        services.AddSingleton<Gate>();
        services.AddSingleton<KeysHandler>();
        services.AddSingleton<AuditHandler>();
        services.AddHostedService<KeyNotice>();
        return services;
    }
}
