using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Client;

/// <summary>Makes a service follow its document in the central hub.</summary>
public static class CentralHubExtensions
{
    private const string EndpointSetting = "CentralHub:Endpoint";
    private const string FolderSetting = "CentralHub:Folder";
    internal const string FolderName = "central-hub";

    /// <summary>
    /// Adds the settings of the service's document on top of files, environment and command line, and follows the document while the
    /// service runs. A change applies to all options registered by <see cref="FollowedSettings.FollowSettings"/>, or to none. Does nothing
    /// without <c>CentralHub:Endpoint</c>.
    /// </summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">The service's builder, with all other configuration sources added.</param>
    /// <exception cref="FormatException">The endpoint is not the address of a hub, or keys would be sent to it unencrypted.</exception>
    public static TBuilder AddCentralHub<TBuilder>(this TBuilder builder, IServiceDefinition service)
        where TBuilder : IHostApplicationBuilder
    {
        if (builder.Configuration[EndpointSetting] is not { Length: > 0 } endpoint)
        {
            return builder;
        }

        var folder = builder.Configuration[FolderSetting] is { Length: > 0 } chosen ? chosen : DocumentFile.DefaultFolder(FolderName);
        var settings = new HubSettings();
        builder.Configuration.Add(settings);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton<CentralHubMetrics>();
        builder.Services.TryAddSingleton<MessagingMetrics>();
        builder.Services.AddSingleton(
            new FollowedHub(new ServiceDocument(service), HubAddress.Parse(endpoint, EndpointSetting), folder, ServiceKey.OfEnvironment()));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new SettingNames(service.FieldNames));
        // The providers of figures read settings, so create them after the document is in force.
        builder.Services.TryAddSingleton<Func<IEnumerable<IServiceFigures>>>(provider => provider.GetServices<IServiceFigures>);
        builder.Services.AddSingleton<HubFollowerService>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<HubFollowerService>());
        builder.Services.AddHealthChecks().AddCheck<CentralHubHealthCheck>(CentralHubHealthCheck.Name);
        return builder;
    }

    /// <summary>Applies the hub's document, or the last good document on disk, before any setting is read. Takes at most 2 s.</summary>
    public static Task BeginCentralHubAsync(this IHost host, CancellationToken cancellationToken = default) =>
        host.Services.GetService<HubFollowerService>()?.BeginAsync(cancellationToken) ?? Task.CompletedTask;
}
