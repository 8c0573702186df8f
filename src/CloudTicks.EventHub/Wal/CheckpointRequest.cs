namespace CloudTicks.EventHub.Wal;

/// <summary>Writes nothing; it wakes the log's thread.</summary>
internal sealed class CheckpointRequest : LogEntry
{
    public override RecordKind Kind => default;

    public override EntryPayload Payload => default;

    public override bool Prepare() => false;

    public override void Complete()
    {
    }

    public override void Fail(LogFailure reason)
    {
    }
}
