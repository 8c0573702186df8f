using CloudTicks.Dashboard.Board;
using CloudTicks.Dashboard.Services;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Queries all services in parallel, and slow or costly endpoints less often than the others.</summary>
internal sealed class PipelineReader(
    ServiceQueries queries, ServiceClient services, BoardFeed feed, IOptions<DashboardOptions> options, TimeProvider time)
{
    private const string Health = "/health";
    private const string Status = "/api/v1/status";

    private readonly CounterRates _rates = new(time);
    private readonly CachedQuery _retention = new(TimeSpan.FromSeconds(10), time);
    private readonly CachedQuery _gaps = new(TimeSpan.FromSeconds(3), time);

    public async Task<PipelineReading> ReadAsync(CancellationToken cancellationToken)
    {
        var collectors = services.Collectors.Select(async address => new CollectorReading(
            address, await QueryAsync(address, Health), new(await QueryAsync(address, Status)))).ToList();
        var health = QueryAsync(services.Functions, Health);
        var status = QueryAsync(services.Functions, Status);
        var config = QueryAsync(services.Functions, "/api/v1/config");
        var retention = _retention.GetAsync(() => QueryAsync(services.Functions, "/api/v1/retention"));
        var gaps = _gaps.GetAsync(() => QueryAsync(services.Functions, "/api/v1/gaps?limit=50"));
        var eventHub = options.Value.EventHubHealth.Length > 0
            ? queries.QueryAsync(new Uri(options.Value.EventHubHealth), cancellationToken)
            : null;
        var relay = services.Relay is { } relayAddress
            ? (Health: QueryAsync(relayAddress, Health), Status: QueryAsync(relayAddress, Status))
            : default((Task<ServiceResponse> Health, Task<ServiceResponse> Status)?);
        var reading = new PipelineReading
        {
            Collectors = await Task.WhenAll(collectors),
            FunctionsHealth = await health,
            FunctionsStatus = new(await status),
            Config = new(await config),
            TableRetention = await retention,
            Gaps = await gaps,
            EventHub = eventHub is null ? null : await eventHub,
            Relay = relay is { } relayQueries ? new RelayReading(await relayQueries.Health, await relayQueries.Status) : null,
            Feed = feed.State,
            NowMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Rates = new PipelineRates(null, null, null, null, null),
        };
        return reading with { Rates = RatesOf(reading) };

        Task<ServiceResponse> QueryAsync(Uri service, string path) =>
            queries.QueryAsync(ServiceClient.At(service, path), cancellationToken);
    }

    private PipelineRates RatesOf(PipelineReading reading)
    {
        // Compute one rate per process: the rate of the sum would jump when a process does not respond.
        var functions = reading.FunctionsStatus.Value;
        return new PipelineRates(
            OfCollectors("received", status => status.Received), OfCollectors("archived", status => status.Archived),
            _rates.Read("stored", functions?.Stored), _rates.Read("published", functions?.Published),
            OfCollectors("archived_records", status => status.ArchivedRecords));

        double? OfCollectors(string name, Func<CollectorStatus, double> count)
        {
            var rates = reading.Collectors
                .Select(collector => _rates.Read(
                    $"{collector.Address} {name}", collector.Status.Value is { } status ? count(status) : null))
                .Where(rate => rate is not null).ToList();
            return rates.Count > 0 ? rates.Sum() : null;
        }
    }

    /// <summary>Caches a response. A failed request is repeated on the next reading.</summary>
    private sealed class CachedQuery(TimeSpan maxAge, TimeProvider time)
    {
        private ServiceResponse _response = ServiceResponse.NotQueried;
        private long _queriedAt;

        public async Task<ServiceResponse> GetAsync(Func<Task<ServiceResponse>> query)
        {
            if (_response.Value is null || time.GetElapsedTime(_queriedAt) >= maxAge)
            {
                _response = await query();
                _queriedAt = time.GetTimestamp();
            }

            return _response;
        }
    }
}
