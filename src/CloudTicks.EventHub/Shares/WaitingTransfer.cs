namespace CloudTicks.EventHub.Shares;

/// <summary>A request or a response that waits for memory.</summary>
internal sealed class WaitingTransfer(HeldMemory held, long bytes)
{
    public HeldMemory Held => held;

    public long Bytes => bytes;

    public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
