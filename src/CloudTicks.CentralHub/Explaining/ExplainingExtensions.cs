using CloudTicks.CentralHub.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>Wiring of what is told of settings.</summary>
public static class ExplainingExtensions
{
    /// <summary>Adds options to what <see cref="SettingsAnswer"/> tells of.</summary>
    /// <typeparam name="TOptions">The options.</typeparam>
    public static IServiceCollection ExplainSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, new()
    {
        services.AddSingleton(new OptionDefaults(section, typeof(TOptions)));
        services.TryAddSingleton(provider => new SettingsExplanation(
            provider.GetRequiredService<IConfiguration>(), provider.GetServices<OptionDefaults>()));
        services.TryAddSingleton(provider => new SettingsAnswer(
            provider.GetRequiredService<SettingsExplanation>(), provider.GetService<HubFollowing>()));
        return services;
    }
}
