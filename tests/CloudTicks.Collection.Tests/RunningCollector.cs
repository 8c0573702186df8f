using System.Globalization;
using CloudTicks.CentralHub.Figures;
using CloudTicks.CentralHub.Settings;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Running;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Tests;

/// <summary>A collector with the services of its program, between a scripted feed and a real event hub.</summary>
internal sealed class RunningCollector : IAsyncDisposable
{
    /// <summary>A longer timeout than in the program, because a flush at the stop may be slow on a busy machine.</summary>
    public static readonly DrainTimings DrainTimings = new() { Timeout = TimeSpan.FromMinutes(1) };

    private readonly IHost _host;
    private readonly TemporaryFolder _folder;

    private RunningCollector(IHost host, TemporaryFolder folder) => (_host, _folder) = (host, folder);

    public CollectorService Collector => _host.Services.GetRequiredService<CollectorService>();

    public IServiceFigures Figures => _host.Services.GetRequiredService<IServiceFigures>();

    public static Task<RunningCollector> StartAsync(Uri feed, string bootstrapServers, params (string Key, string Value)[] settings) =>
        StartAsync(feed, bootstrapServers, _ => { }, settings);

    /// <param name="replace">Replaces services of the collector.</param>
    public static async Task<RunningCollector> StartAsync(
        Uri feed, string bootstrapServers, Action<IServiceCollection> replace, params (string Key, string Value)[] settings)
    {
        var folder = new TemporaryFolder();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            [new("Collector:FeedName", nameof(FeedName.Simulated)), new("Collector:DataFolder", folder.File("collector"))]);
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:eventhubs", bootstrapServers),
            new(PolygonApiKey.Setting, "canary-key-1234"),
            new("Polygon:Endpoint", feed.ToString()),
            new("Polygon:ReconnectDelay", "00:00:00"),
            new("EventStream:Producer:DrainTimeout", "00:00:01"),
            .. settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)),
        ]);
        builder.Configuration.AddSettingsFile(TimeProvider.System);
        replace(builder.Services);
        builder.Services.AddSingleton(DrainTimings);
        builder.Services.AddCollection(builder.Configuration);
        builder.Logging.AddProvider(new OutputLog());
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new RunningCollector(host, folder);
    }

    public async Task<HealthStatus> HealthAsync() => (await HealthReportAsync()).Status;

    /// <summary>Waits until the collector's health check meets a condition.</summary>
    public async Task<HealthReportEntry> UntilHealthAsync(Func<HealthReportEntry, bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var check = (await HealthReportAsync()).Entries["polygon"];
            if (reached(check))
            {
                return check;
            }

            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the status meets a condition.</summary>
    public async Task<CollectorStatus> UntilAsync(Func<CollectorStatus, bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var status = Collector.GetStatus(); ; status = Collector.GetStatus())
        {
            if (reached(status))
            {
                // Read again, because counts may have changed while the status was read.
                var next = Collector.GetStatus();
                return reached(next) ? next : status;
            }

            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The names of the entries in a subfolder of this run's temporary folder; <c>collector</c> is the data folder.</summary>
    public IEnumerable<string?> Entries(string folder) =>
        Directory.EnumerateFileSystemEntries(_folder.File(folder)).Select(Path.GetFileName);

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        if (_host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task<HealthReport> HealthReportAsync() =>
        _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

    /// <summary>Writes the log to the test's output.</summary>
    private sealed class OutputLog : ILoggerProvider, ILogger
    {
        private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                _output?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{logLevel}: {formatter(state, exception)}"));
            }
            catch (InvalidOperationException)
            {
                // The test is over.
            }
        }

        public void Dispose()
        {
        }
    }
}
