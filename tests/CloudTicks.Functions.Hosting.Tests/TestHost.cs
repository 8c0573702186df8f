using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>A functions host in the test's process.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    /// <summary>
    /// Settings with which a busy machine neither cuts a running call short nor makes the event hub give the host's partitions to another.
    /// </summary>
    public static readonly string[] PatientSettings =
        ["--FunctionsHosting:DrainTimeout=00:01:00", "--FunctionsHosting:SessionTimeout=00:01:00"];

    /// <summary>The time limit for a shutdown. The limit of the product, 4.5 s, is too short for a clean stop on a busy machine.</summary>
    public static readonly TimeSpan ShutdownTime = TimeSpan.FromMinutes(1);

    private readonly IHost _host;

    private TestHost(IHost host, HttpClient http, HostLines lines, HostCounters counters)
    {
        _host = host;
        Http = http;
        Lines = lines;
        Counters = counters;
    }

    /// <summary>The counters of the host's functions.</summary>
    public HostCounters Counters { get; }

    /// <summary>The log lines of the host's functions.</summary>
    public HostLines Lines { get; }

    /// <summary>The client for HTTP requests to the host.</summary>
    public HttpClient Http { get; }

    public static Task<TestHost> StartAsync(TestTopic topic, Recorder recorder, params string[] settings) =>
        StartAsync([typeof(RecordEvents)], topic, recorder, settings);

    public static async Task<TestHost> StartAsync(Type[] functions, TestTopic topic, Recorder recorder, params string[] settings)
    {
        var builder = new FunctionsApplicationBuilder(["--urls=http://127.0.0.1:0", .. PatientSettings, .. settings], functions);
        (builder.Configuration["eventhubs"], builder.Configuration["topic"]) = (topic.BootstrapServers, topic.Topic);
        builder.Configuration["group"] = topic.Group;
        builder.ConfigureFunctionsWebApplication();
        builder.Logging.SetMinimumLevel(LogLevel.Information);
        builder.Logging.AddFilter<Microsoft.Extensions.Logging.Console.ConsoleLoggerProvider>(level => level >= LogLevel.Warning);
        var lines = new HostLines();
        builder.Logging.AddProvider(lines);
        builder.Services.AddSingleton(recorder);
        builder.Services.PostConfigure<HostOptions>(options => options.ShutdownTimeout = ShutdownTime);
        var host = builder.Build();
        var counters = new HostCounters(host.Services.GetRequiredService<IMeterFactory>());
        await host.StartAsync(TestContext.Current.CancellationToken);
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new TestHost(host, new HttpClient { BaseAddress = new Uri(address) }, lines, counters);
    }

    public async Task<(int Status, string Text)> HealthAsync()
    {
        using var response = await Http.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Waits until the host reports that it is unhealthy.</summary>
    public async Task<string> UnhealthyAsync()
    {
        while (true)
        {
            if (await HealthAsync() is (503, _))
            {
                return await DescriptionAsync();
            }
        }
    }

    /// <summary>Returns the descriptions of all health checks.</summary>
    public async Task<string> DescriptionAsync()
    {
        var report = await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);
        return string.Join(' ', report.Entries.Values.Select(entry => entry.Description));
    }

    /// <summary>Stops the host as SIGTERM does.</summary>
    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        Counters.Dispose();
    }
}
