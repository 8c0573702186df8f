using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ServiceDefaults.Access;

/// <summary>Registers the filter that every listener has.</summary>
public static class ListenerFilterExtensions
{
    /// <summary>Adds the filter and the services that key checks need; a second call changes nothing.</summary>
    public static IServiceCollection AddListenerFilter(this IServiceCollection services)
    {
        services.AddOptions<ListeningOptions>()
            .BindConfiguration(ListeningOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateOnStart();
        services.AddMetrics();
        services.TryAddSingleton<AccessRefusals>();
        // A factory, because programs without a server use the service defaults too, and the container validates at start that every type
        // can be constructed.
        services.TryAddSingleton(provider => new KeylessCallers(
            provider.GetRequiredService<IServer>(), provider.GetRequiredService<IOptions<ListeningOptions>>()));
        return services;
    }

    internal static void UseListenerFilter(this WebApplication app) => app.UseMiddleware<ListenerFilter>();
}
