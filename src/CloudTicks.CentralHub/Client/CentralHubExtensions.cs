using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using ServiceDefaults.Clients;

namespace CloudTicks.CentralHub.Client;

/// <summary>Lets a service follow its document.</summary>
public static class CentralHubExtensions
{
    private const string EndpointSetting = "CentralHub:Endpoint";
    private const string FolderSetting = "CentralHub:Folder";
    internal const string FolderName = "central-hub";

    /// <summary>
    /// Puts the settings of the service's document above those of files, environment and command line, and follows it while the service
    /// runs: options that <see cref="FollowedSettings.FollowSettings"/> names change with it, or none of them does. Where
    /// <c>CentralHub:Endpoint</c> is not set there is no hub, and nothing changes.
    /// </summary>
    /// <typeparam name="TBuilder">The builder's type.</typeparam>
    /// <param name="builder">The service's builder, all other sources of settings in place.</param>
    /// <exception cref="FormatException">The endpoint is no address of a hub.</exception>
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
            new HubPlace(new ServiceDocument(service), HubAddress.Parse(endpoint, EndpointSetting), folder, ServiceKey.OfEnvironment()));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(new SettingNames(service.FieldNames));
        // The figures are those of parts that read settings: they may be made only after the document is in force.
        builder.Services.TryAddSingleton<Func<IEnumerable<IServiceFigures>>>(provider => provider.GetServices<IServiceFigures>);
        builder.Services.AddSingleton<HubFollowing>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<HubFollowing>());
        builder.Services.AddHealthChecks().AddCheck<CentralHubHealthCheck>(CentralHubHealthCheck.Name);
        return builder;
    }

    /// <summary>Applies the hub's document, or the last good one on disk, before any setting is read; takes 2 s at most.</summary>
    public static Task BeginCentralHubAsync(this IHost host, CancellationToken cancellationToken = default) =>
        host.Services.GetService<HubFollowing>()?.BeginAsync(cancellationToken) ?? Task.CompletedTask;
}
