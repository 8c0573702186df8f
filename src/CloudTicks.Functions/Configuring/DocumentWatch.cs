using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.Functions.Storing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CloudTicks.Functions.Configuring;

/// <summary>Detects changes made by other instances, and wakes the requests that wait for them here.</summary>
internal sealed class DocumentWatch(
    SchemaReadiness schema, ConfigHeads heads, DocumentSignals signals, TimeProvider time,
    ILogger<DocumentWatch> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private IReadOnlyDictionary<string, ServiceHead> _known = new Dictionary<string, ServiceHead>();
    private bool _isUnavailable;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await schema.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await foreach (var newest in heads.FollowAsync(stoppingToken))
                {
                    Apply(newest);
                }
            }
            catch (Exception problem) when (problem is NpgsqlException or TimeoutException && !stoppingToken.IsCancellationRequested)
            {
                LogProblem(problem.Message);
            }

            await Task.Delay(RetryDelay, time, stoppingToken);
        }
    }

    private void Apply(IReadOnlyDictionary<string, ServiceHead> newest)
    {
        foreach (var service in newest.Where(head => !_known.TryGetValue(head.Key, out var known) || known != head.Value)
            .Select(head => head.Key))
        {
            signals.Wake(service);
        }

        _known = newest;
        if (_isUnavailable)
        {
            _isUnavailable = false;
            logger.ChangeWatchRecovered();
        }
    }

    private void LogProblem(string problem)
    {
        if (!_isUnavailable)
        {
            _isUnavailable = true;
            logger.ChangeWatchFailed(problem);
        }
    }
}
