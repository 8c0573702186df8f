namespace CloudTicks.EventHub.Shares;

/// <summary>What all clients may hold in memory: of requests, of fetched records, and of other large answers.</summary>
internal sealed record MemoryBudgets(MemoryBudget Requests, MemoryBudget Fetches, MemoryBudget Answers, MemoryReturn Return) : IDisposable
{
    public void Dispose()
    {
        Requests.Dispose();
        Fetches.Dispose();
        Answers.Dispose();
        Return.Dispose();
    }
}
