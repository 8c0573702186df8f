namespace CloudTicks.EventHub.Shares;

/// <summary>A request or a response that waits for memory.</summary>
internal sealed class WaitingTransfer(MemoryGrant grant, long bytes)
{
    public MemoryGrant Grant => grant;

    public long Bytes => bytes;

    public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
