using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using CloudTicks.EventHub.Hosting;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>An event hub in the test process, with the program's wiring, on a free port.</summary>
internal sealed class RunningHub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly TemporaryFolder? _ownFolder;

    private RunningHub(WebApplication app, TemporaryFolder? ownFolder, string folder, CapturedLog log) =>
        (_app, _ownFolder, DataFolder, Log) = (app, ownFolder, folder, log);

    public string DataFolder { get; }

    public CapturedLog Log { get; }

    public IPEndPoint Address => _app.Services.GetRequiredService<EventHubService>().Address;

    /// <summary>The meter factory of this event hub; no other event hub uses it.</summary>
    public IMeterFactory Meters => _app.Services.GetRequiredService<IMeterFactory>();

    public string BootstrapServers => Address.ToString();

    /// <summary>Starts an event hub with the clock of the test.</summary>
    public static Task<RunningHub> StartAsync(TimeProvider time) => StartAsync(null, null, time, []);

    public static Task<RunningHub> StartAtAsync(TimeProvider time, string[] arguments) => StartAsync(null, null, time, arguments);

    public static Task<RunningHub> StartAsync(string? folder = null, Disk? disk = null, params string[] arguments) =>
        StartAsync(folder, disk, null, arguments);

    /// <summary>The status of the event hub's health check.</summary>
    public async Task<string> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(TestContext.Current.CancellationToken)).Status.ToString();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
    }

    private static async Task<RunningHub> StartAsync(string? folder, Disk? disk, TimeProvider? time, string[] arguments)
    {
        var own = folder is null ? new TemporaryFolder() : null;
        folder ??= own!.File("hub");
        var builder = WebApplication.CreateBuilder();
        var log = new CapturedLog();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.AddEventHub(["--data", folder, "--port", "0", "--health-port", "0", .. arguments]);
        if (disk is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(disk));
        }

        if (time is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(time));
        }

        var app = builder.Build();
        try
        {
            await app.StartAsync();
            return new RunningHub(app, own, folder, log);
        }
        catch
        {
            await app.DisposeAsync();
            own?.Dispose();
            throw;
        }
    }
}

/// <summary>The log lines of the event hub.</summary>
internal sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private volatile TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Waits for a line; a line that was logged earlier counts.</summary>
    /// <param name="part">A part of the line.</param>
    public async Task UntilLineAsync(string part)
    {
        while (true)
        {
            var written = _written.Task;
            if (_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
            {
                return;
            }

            await written.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        Interlocked.Exchange(ref _written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public void Dispose()
    {
    }
}
