namespace CloudTicks.EventHub.Shares;

/// <summary>A request or a response that waits for memory.</summary>
internal sealed class WaitingTransfer(MemoryGrant held, long bytes)
{
    public MemoryGrant Held => held;

    public long Bytes => bytes;

    public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
