namespace CloudTicks.EventHub.Shares;

/// <summary>The memory limits of all clients: for requests, for fetched records, and for other large responses.</summary>
internal sealed record MemoryBudgets(MemoryBudget Requests, MemoryBudget Fetches, MemoryBudget Responses, MemoryReturn Return) : IDisposable
{
    public void Dispose()
    {
        Requests.Dispose();
        Fetches.Dispose();
        Responses.Dispose();
        Return.Dispose();
    }
}
