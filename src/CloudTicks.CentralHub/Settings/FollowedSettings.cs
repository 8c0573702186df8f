using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.CentralHub.Settings;

/// <summary>Registers options that change while the program runs and keep the last valid value.</summary>
public static class FollowedSettings
{
    /// <summary>
    /// Makes <see cref="IOptionsMonitor{TOptions}"/> keep the last valid value. <see cref="RefusedSettings"/> counts refusals.
    /// </summary>
    public static IServiceCollection FollowSettings<TOptions>(this IServiceCollection services)
        where TOptions : class
    {
        services.TryAddSingleton(SettingNames.Plain);
        services.TryAddSingleton<LastGoodOptions<TOptions>>();
        services.TryAddSingleton<IOptionsMonitor<TOptions>>(provider => provider.GetRequiredService<LastGoodOptions<TOptions>>());
        services.AddSingleton<IRefusedSettings>(provider => provider.GetRequiredService<LastGoodOptions<TOptions>>());
        services.AddSingleton<ICheckedSettings>(provider => provider.GetRequiredService<LastGoodOptions<TOptions>>());
        services.TryAddSingleton<RefusedSettings>();
        return services;
    }
}
