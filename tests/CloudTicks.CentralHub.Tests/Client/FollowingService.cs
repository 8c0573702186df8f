using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Globalization;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Settings;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.TestServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudTicks.CentralHub.Tests.Client;

/// <summary>
/// A service that follows the collector's document, with two options types of one section that refuse different values.
/// </summary>
internal sealed class FollowingService : IAsyncDisposable
{
    private readonly IHost _host;

    private FollowingService(IHost host, TestTime time) => (_host, Time) = (host, time);

    public IServiceProvider Services => _host.Services;

    public IReadOnlyList<string> Symbols => _host.Services.GetRequiredService<IOptionsMonitor<FirstOptions>>().CurrentValue.List;

    public IReadOnlyList<string> SecondSymbols => _host.Services.GetRequiredService<IOptionsMonitor<SecondOptions>>().CurrentValue.List;

    public FollowedState State => _host.Services.GetRequiredService<HubFollowerService>().Document.State;

    /// <summary>The clock of the follower. Only the test advances it, for example with <see cref="UntilAsync"/>.</summary>
    public TestTime Time { get; }

    /// <summary>Starts the service.</summary>
    /// <param name="hub">The central hub's address; null without a central hub.</param>
    /// <param name="folder">The folder of the last good document.</param>
    /// <param name="time">
    /// The clock of the follower; null for a stopped clock, so that a slow machine causes no timeout.
    /// </param>
    /// <param name="nats">The NATS server for announcements.</param>
    /// <param name="configure">Adds other services.</param>
    public static async Task<FollowingService> StartAsync(
        string? hub, TemporaryFolder folder, TestTime? time = null, string? nats = null, Action<IServiceCollection>? configure = null)
    {
        time ??= new TestTime();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
        [
            new("CentralHub:Endpoint", hub), new("CentralHub:Folder", folder.Path), new("ConnectionStrings:nats", nats),
            .. Enumerable.Range(0, 14).Select(index => new KeyValuePair<string, string?>($"Collector:Symbols:{index}", $"BASE{index}")),
        ]);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddCentralHub(new CollectorDefinition());
        Follow<FirstOptions>(builder.Services, "AAA");
        Follow<SecondOptions>(builder.Services, "BBB");
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.BeginCentralHubAsync(TestContext.Current.CancellationToken);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new FollowingService(host, time);
    }

    /// <summary>Waits for a condition. If a clock is given, advances it during the wait.</summary>
    public async Task UntilAsync(Func<bool> condition, TestTime? time = null)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            time?.Advance(TimeSpan.FromMilliseconds(200));
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    public async Task<HealthReportEntry> HealthAsync() =>
        (await Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["central-hub"];

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    private static void Follow<TOptions>(IServiceCollection services, string unusable)
        where TOptions : FollowedOptions
    {
        services.AddOptions<TOptions>().BindConfiguration("Collector")
            .Validate(options => !options.List.Contains(unusable), $"{typeof(TOptions).Name} cannot use {unusable}.");
        services.FollowSettings<TOptions>();
    }

    /// <summary>A list, or one text with commas, like the collector's symbols.</summary>
    [TypeConverter(typeof(TextConverter))]
    public sealed class Names : Collection<string>;

    public abstract class FollowedOptions
    {
        public Names Symbols { get; init; } = [];

        public IReadOnlyList<string> List => Symbols;
    }

    public sealed class FirstOptions : FollowedOptions;

    public sealed class SecondOptions : FollowedOptions;

    private sealed class TextConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
        {
            var names = new Names();
            foreach (var name in ((string)value).Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                names.Add(name);
            }

            return names;
        }
    }
}
