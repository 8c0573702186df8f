using CloudTicks.CentralHub.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>A signed-in user. The key stays in this process's memory; no response and no log line contains it.</summary>
internal sealed class PageSession : IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    public PageSession(Caller caller, string key, long startedAt) =>
        (Caller, Key, StartedAt, LastUsedAt, Ended) = (caller, key, startedAt, startedAt, _ended.Token);

    public Caller Caller { get; }

    public string Key { get; }

    public long StartedAt { get; }

    public long LastUsedAt { get; set; }

    /// <summary>A token that is cancelled when the session ends, which also ends its streams.</summary>
    public CancellationToken Ended { get; }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <summary>Returns the caller's name and role, without the key.</summary>
    public override string ToString() => $"{Caller.Name}, {Caller.Role}";
}
