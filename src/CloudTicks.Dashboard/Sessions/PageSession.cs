using CloudTicks.CentralHub.Access;

namespace CloudTicks.Dashboard.Sessions;

/// <summary>Somebody who signed in. The key stays here, in the memory of this process; no answer and no line has it.</summary>
internal sealed class PageSession : IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    public PageSession(Caller caller, string key, long began) =>
        (Caller, Key, Began, Used, Ended) = (caller, key, began, began, _ended.Token);

    public Caller Caller { get; }

    public string Key { get; }

    public long Began { get; }

    public long Used { get; set; }

    /// <summary>When it ends, so do the streams that it opened.</summary>
    public CancellationToken Ended { get; }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"{Caller.Name}, {Caller.Role}";
}
