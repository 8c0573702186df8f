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
/// A service that follows the collector's document, with two sets of options of one section: what the one can use the other may not.
/// </summary>
internal sealed class FollowingService : IAsyncDisposable
{
    private readonly IHost _host;

    private FollowingService(IHost host, TestTime time) => (_host, Time) = (host, time);

    public IServiceProvider Services => _host.Services;

    public IReadOnlyList<string> Symbols => _host.Services.GetRequiredService<IOptionsMonitor<FirstOptions>>().CurrentValue.List;

    public IReadOnlyList<string> SecondSymbols => _host.Services.GetRequiredService<IOptionsMonitor<SecondOptions>>().CurrentValue.List;

    public FollowedState State => _host.Services.GetRequiredService<HubFollowing>().Document.State;

    /// <summary>The clock of the following: it stands still but for <see cref="UntilAsync"/> that is given it.</summary>
    public TestTime Time { get; }

    /// <summary>Starts it.</summary>
    /// <param name="hub">The hub's address; null for none.</param>
    /// <param name="folder">Where it keeps the last good document.</param>
    /// <param name="time">
    /// The clock of the following; one of its own when null, so that no hub is given up because this machine is slow.
    /// </param>
    /// <param name="nats">Where changes are announced.</param>
    /// <param name="configure">What else there is.</param>
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

    /// <summary>Waits until something is so; meanwhile time passes, when a clock is given.</summary>
    public async Task UntilAsync(Func<bool> isSo, TestTime? time = null)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!isSo())
        {
            time?.Advance(TimeSpan.FromMilliseconds(200));
            await look.WaitForNextTickAsync(TestContext.Current.CancellationToken);
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

    /// <summary>A list, or one text with commas, as the collector's symbols.</summary>
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
