using System.Net.Http.Json;
using System.Text.Json;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServiceDefaults.Clients;

namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Polls the running parts' counters every second, and the functions' lag every two seconds.</summary>
internal sealed class Measurements : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CountInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, string> RowsOfGroups = new()
    {
        [ConsumerGroups.Timescale] = FunctionRows.StoreTicks,
        [ConsumerGroups.Nats] = FunctionRows.PublishTicks,
    };

    private readonly DistributedApplicationBuilder _builder;
    private readonly LocalEnvironment _environment;
    private readonly FigureBook _figures;
    private readonly PriceBoard _prices = new();
    private readonly HttpClient _http = ServiceClients.Create(MaxWait);
    private readonly ServiceProvider _services =
        new ServiceCollection().AddMetrics().AddSingleton<MessagingMetrics>().BuildServiceProvider();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _measuring;
    private GroupLag? _lag;

    public Measurements(DistributedApplicationBuilder builder, LocalEnvironment environment)
    {
        (_builder, _environment) = (builder, environment);
        _figures = new FigureBook(environment.Time);
        _measuring = Task.WhenAll(
            RepeatAsync(CountInterval, CountAsync), RepeatAsync(LagInterval, MeasureLagAsync),
            RepeatAsync(CountInterval, ListenAsync));
    }

    public Figures Newest => _figures.Newest with { Prices = _prices.Read() };

    /// <summary>Stops polling; the figures stay. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _measuring;
        _lag?.Dispose();
        _http.Dispose();
        await _services.DisposeAsync();
    }

    private async Task RepeatAsync(TimeSpan period, Func<CancellationToken, Task> poll)
    {
        try
        {
            using var timer = new PeriodicTimer(period, _environment.Time);
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                await TryPollAsync(() => poll(_stopping.Token));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The live table has closed.
        }
    }

    /// <summary>Polls a part. A failed poll is ignored, because the state and the log of the part show the fault.</summary>
    private async Task TryPollAsync(Func<Task> query)
    {
        try
        {
            await query();
        }
        catch (Exception exception) when (!_stopping.IsCancellationRequested
            && exception is HttpRequestException or EventStreamException or LocalRunException or OperationCanceledException
                or JsonException)
        {
            // The value stays unknown until the next poll.
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        _figures.SetFreeBytes(new DriveInfo(_environment.Folder("")).AvailableFreeSpace);
        await Task.WhenAll(
            _environment.Parts.Parts.Where(part => part.Health is not null).Select(part => QueryHealthAsync(part, cancellationToken))
            .Append(TryPollAsync(() => CountFeedAsync(cancellationToken)))
            .Append(TryPollAsync(() => CountFunctionsAsync(cancellationToken)))
            .Append(TryPollAsync(() => CountNatsNodesAsync(cancellationToken))));
    }

    private async Task QueryHealthAsync(Part part, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.GetAsync(part.Health, cancellationToken);
            _environment.Parts.SetHealth(part.Name, response.IsSuccessStatusCode);
        }
        catch (Exception exception) when (
            exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            _environment.Parts.SetHealth(part.Name, isHealthy: false);
        }
    }

    private async Task CountFeedAsync(CancellationToken cancellationToken)
    {
        var running = _builder.Collectors.Where(collector => IsRunning(collector.Name)).ToList();
        if (running.Count == 0)
        {
            return;
        }

        using var feed = new FeedClient([.. running.Select(collector => collector.Address)], Find("simulator")?.Address, MaxWait);
        var responses = await feed.EachCollectorAsync(cancellationToken);
        _figures.Update(responses.Aggregate(CollectorTotals.Join));
        foreach (var (collector, response) in _builder.Collectors.Count > 1 ? running.Zip(responses) : [])
        {
            _figures.Count(collector.Name + FigureBook.CollectorSuffix, response.Received);
        }

        if (feed.IsSimulated && IsRunning("simulator"))
        {
            _figures.Count("simulator", (await feed.SimulatorAsync(cancellationToken)).Sent);
        }
    }

    private async Task CountFunctionsAsync(CancellationToken cancellationToken)
    {
        var running = _builder.FunctionHosts.Where(host => IsRunning(host.Name)).ToList();
        if (running.Count > 0)
        {
            var responses = await Task.WhenAll(running.Select(async host =>
            {
                var address = new Uri(host.Address, "api/v1/status");
                return await _http.GetFromJsonAsync<FunctionsStatus>(address, StatusJson.Strict, cancellationToken)
                    ?? throw new LocalRunException($"{address} returned an empty response.");
            }));
            var lakes = responses.Select(response => response.Lake).OfType<LakeStatus>().ToList();
            _figures.Update(
                responses.Sum(response => response.Stored), responses.Sum(response => response.Published),
                lakes.Find(lake => lake.Writes) ?? lakes.FirstOrDefault());
        }
    }

    /// <summary>Counts the messages that each node of a cluster received, directly or from another node.</summary>
    private async Task CountNatsNodesAsync(CancellationToken cancellationToken)
    {
        foreach (var server in _builder.Resources.OfType<NatsServerResource>().Where(nats => nats.Servers.Count > 1)
            .SelectMany(nats => nats.Servers))
        {
            await TryPollAsync(async () =>
            {
                using var response = await JsonDocument.ParseAsync(
                    await _http.GetStreamAsync(new Uri(server.MonitorUrl, "varz"), cancellationToken),
                    cancellationToken: cancellationToken);
                _figures.Count(server.Name, response.RootElement.GetProperty("in_msgs").GetInt64());
            });
        }
    }

    private async Task MeasureLagAsync(CancellationToken cancellationToken)
    {
        if (!_builder.Collectors.Any(collector => IsRunning(collector.Name)) || !IsRunning("eventhubs"))
        {
            return;
        }

        _lag ??= new GroupLag(
            EventStreamConnection.Parse(Connection("eventhubs")), TopicNames.TickArchive, [.. RowsOfGroups.Keys], _environment.Time,
            NullLogger<GroupLag>.Instance);
        foreach (var (group, records) in await _lag.ReadAsync(cancellationToken))
        {
            _figures.SetLag(RowsOfGroups[group], records);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (IsRunning("functions"))
        {
            var nats = NatsConnectionSettings.Parse(Connection("nats"));
            await new PriceListener(nats, _services.GetRequiredService<MessagingMetrics>(), _prices, _environment.Time)
                .ListenAsync(cancellationToken);
        }
    }

    private bool IsRunning(string name) => _environment.Parts.Parts.Any(part =>
        part.Name == name && part.State is PartState.Healthy or PartState.Unhealthy or PartState.Yours);

    private ProjectResource? Find(string name) =>
        _builder.Resources.OfType<ProjectResource>().FirstOrDefault(resource => resource.Name == name);

    private string Connection(string name) =>
        _builder.Resources.OfType<IResourceWithConnectionString>().Single(resource => resource.ConnectionName == name).ConnectionString;
}
