using CloudTicks.Dashboard.Board;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Dashboard.Tests;

/// <summary>The dashboard's server on a free port, configured like the program.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningDashboard(WebApplication app)
    {
        _app = app;
        // A server that listens on all addresses can also be reached through loopback.
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Address = new UriBuilder(address) { Host = "127.0.0.1" }.Uri;
        Http = new HttpClient(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            // Wait for 100 Continue without a limit: a client that sends its body earlier may not receive the response.
            Expect100ContinueTimeout = Timeout.InfiniteTimeSpan,
        })
        {
            BaseAddress = Address,
            Timeout = Timeout.InfiniteTimeSpan
        };
    }

    public Uri Address { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="nats">The address of NATS.</param>
    /// <param name="time">The clock; null for the real one.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<RunningDashboard> StartAsync(
        string nats, TimeProvider? time = null, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
        [
            new("ConnectionStrings:nats", nats), new("urls", "http://127.0.0.1:0"), new("Dashboard:Functions", "http://127.0.0.1:9"),
            new("Dashboard:Collectors:0", "http://127.0.0.1:9"), new("Dashboard:EventHubHealth", "")
        ]);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.AddDashboard();
        var app = builder.Build();
        app.MapDashboard();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new RunningDashboard(app);
    }

    /// <summary>Waits until the dashboard has subscribed to ticks.</summary>
    public async Task UntilConnectedAsync()
    {
        var (board, feed) = (Services.GetRequiredService<SymbolBoard>(), Services.GetRequiredService<BoardFeed>());
        while (!feed.State.IsConnected)
        {
            await board.Snapshot.Superseded.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
