using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Access;

/// <summary>Wiring of the filter that every listener has.</summary>
public static class ListenerFilterExtensions
{
    /// <summary>Adds the filter and what gates with keys use too; calling it twice changes nothing.</summary>
    public static IServiceCollection AddListenerFilter(this IServiceCollection services)
    {
        services.AddOptions<ListeningOptions>()
            .BindConfiguration(ListeningOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton<AccessRefusals>();
        // By a factory: a program without a server has the service defaults too, and its services are checked for what cannot be made.
        services.TryAddSingleton(provider => new KeylessCallers(
            provider.GetRequiredService<IServer>(), provider.GetRequiredService<IOptions<ListeningOptions>>()));
        return services;
    }

    internal static void UseListenerFilter(this WebApplication app) => app.UseMiddleware<ListenerFilter>();
}
