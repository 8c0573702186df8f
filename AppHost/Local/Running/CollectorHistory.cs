using CloudTicks.Verification;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>
/// Sums collector reports across restarts. Each process counts from zero and is identified by the time of its first tick.
/// </summary>
internal sealed class CollectorHistory(FeedClient feed)
{
    private readonly SortedDictionary<int, List<CollectorTotals>> _collectors = [];

    /// <summary>All processes so far, combined.</summary>
    public CollectorTotals Total => Join(_collectors.Values.SelectMany(processes => processes));

    /// <summary>The newest process of each collector, combined.</summary>
    public CollectorTotals Newest => Join(_collectors.Values.Select(processes => processes[^1]));

    public bool AllRespond { get; private set; }

    public bool HasRestarts => _collectors.Values.Any(processes => processes.Count > 1);

    /// <summary>Polls once. A collector that does not respond keeps its previous values.</summary>
    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        var responses = await feed.TryEachCollectorAsync(cancellationToken);
        AllRespond = responses.All(response => response is not null);
        foreach (var (index, response) in responses.Index())
        {
            if (response is not null)
            {
                Add(index, response);
            }
        }
    }

    public CollectorCounts ToCounts() => new(Total.Received, Total.Rejected) { IsComplete = !HasRestarts };

    private static CollectorTotals Join(IEnumerable<CollectorTotals> processes) =>
        processes.Aggregate(new CollectorTotals(), CollectorTotals.Join);

    private void Add(int index, CollectorTotals response)
    {
        if (!_collectors.TryGetValue(index, out var processes))
        {
            _collectors.Add(index, [response]);
        }
        else if (processes[^1].FirstTickMs is { } first && response.FirstTickMs != first)
        {
            processes.Add(response);
        }
        else
        {
            processes[^1] = response;
        }
    }
}
