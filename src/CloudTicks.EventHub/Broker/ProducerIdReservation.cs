using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Broker;

/// <summary>A block of producer ids on its way through the log.</summary>
internal sealed class ProducerIdReservation(ProducerIds ids, long end) : CompletableEntry<long>
{
    public override RecordKind Kind => RecordKind.ProducerIdsReserved;

    public override EntryPayload Payload => Whole(writer => writer.WriteInt64(end));

    public override bool Prepare() => true;

    public override void Apply() => ids.Reserved(end);

    public static void Replay(ref WireReader reader, ProducerIds ids) => ids.Reserved(reader.ReadInt64());

    protected override long Outcome => end;
}
