using CloudTicks.CentralHub.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>Registers the explanation of settings.</summary>
public static class SettingsExplanationExtensions
{
    /// <summary>Adds the options of a configuration section to the <see cref="SettingsResponse"/>.</summary>
    /// <typeparam name="TOptions">The type of the options.</typeparam>
    public static IServiceCollection ExplainSettings<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, new()
    {
        services.AddSingleton(new OptionDefaults(section, typeof(TOptions)));
        services.TryAddSingleton(provider => new SettingsExplanation(
            provider.GetRequiredService<IConfiguration>(), provider.GetServices<OptionDefaults>()));
        services.TryAddSingleton(provider => new SettingsResponse(
            provider.GetRequiredService<SettingsExplanation>(), provider.GetService<HubFollowerService>()));
        return services;
    }
}
