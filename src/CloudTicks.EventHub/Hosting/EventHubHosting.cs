using System.Globalization;
using System.Net;
using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Settings;
using CloudTicks.Foundations.Disks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace CloudTicks.EventHub.Hosting;

internal static class EventHubHosting
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Adds the event hub, its options (command line, environment, configuration file) and its health check.</summary>
    /// <exception cref="HubStartException">The command line, the configuration file or the section of users is not valid.</exception>
    public static WebApplicationBuilder AddEventHub(this WebApplicationBuilder builder, IReadOnlyList<string> arguments)
    {
        var settings = CommandLine.Read(arguments);
        if (settings.TryGetValue(CommandLine.Config, out var file))
        {
            ConfigFile.Add(builder.Configuration, file ?? "");
        }

        builder.Configuration.AddInMemoryCollection(settings);
        UserSection.Check(builder.Configuration);
        builder.Services.AddOptions<EventHubOptions>()
            .Bind(builder.Configuration.GetSection(EventHubOptions.Section), binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .Validate(options => options.Data.Length > 0, "No data folder is configured: name one with --data DIR.")
            .Validate(
                options => IPAddress.TryParse(options.Listen, out _),
                "--listen must be an IP address of this machine: 127.0.0.1, or 0.0.0.0 for all addresses.")
            .Validate(
                options => options.Advertise.Length == 0 || HostAndPort.TryParse(options.Advertise, out _),
                "--advertise must be host:port.")
            .ValidateOnStart();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Disk>();
        builder.Services.AddSingleton<EventHubMetrics>();
        builder.Services.AddSingleton<EventHubHealth>();
        builder.Services.AddSingleton<EventHubService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<EventHubService>());
        builder.Services.AddHealthChecks().AddCheck<EventHubHealth>("disk");
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            var text = builder.Configuration[$"{EventHubOptions.Section}:{nameof(EventHubOptions.HealthPort)}"];
            // A value that is not a port is reported later, by the validation of the options.
            var port = int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : new EventHubOptions().HealthPort;
            builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        }

        return builder;
    }

    public static async Task<int> RunEventHubAsync(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILogger<EventHubService>>();
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is StorageException or IOException { InnerException: not AddressInUseException })
        {
            logger.CannotStart(e.Message);
            return ServiceExitCodes.Failed;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The event hub was stopped during its startup. Disposing the application closes everything that is open.
            return Environment.ExitCode;
        }

        foreach (var address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            logger.HealthListening(address);
        }

        await app.WaitForShutdownAsync();
        return Environment.ExitCode;
    }
}
