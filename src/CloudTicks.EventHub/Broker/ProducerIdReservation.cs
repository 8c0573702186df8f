using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Broker;

/// <summary>The log entry that reserves a block of producer ids.</summary>
internal sealed class ProducerIdReservation(ProducerIds ids, long end) : CompletableEntry<long>
{
    public override RecordKind Kind => RecordKind.ProducerIdsReserved;

    public override EntryPayload Payload => MetadataPayload(writer => writer.WriteInt64(end));

    public override bool Prepare() => true;

    public override void Apply() => ids.MarkReserved(end);

    public static void Replay(ref WireReader reader, ProducerIds ids) => ids.MarkReserved(reader.ReadInt64());

    protected override long Outcome => end;
}
