using System.Diagnostics.Metrics;
using CloudTicks.Collection.Counters;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Collection;

/// <summary>
/// The collector's meters. All except the latency histogram read the counters at export, so they cost nothing on the tick path.
/// </summary>
internal sealed class CollectorMetrics
{
    public const string MeterName = "CloudTicks.Collection";

    private static readonly TickRejection[] Reasons = [.. Enum.GetValues<TickRejection>().Where(reason => reason != TickRejection.None)];

    private readonly Histogram<double> _feedLatency;

    public CollectorMetrics(IMeterFactory meters, CollectorCounters counters, FrameQueue frames)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter(
            "cloudticks.collector.received.ticks", () => counters.Received, "{tick}", "Ticks received, including rejected ones");
        meter.CreateObservableCounter(
            "cloudticks.collector.rejected.ticks",
            () => Reasons.Select(
                reason => new Measurement<long>(counters.Rejected(reason), new KeyValuePair<string, object?>("reason", reason.Name()))),
            "{tick}", "Rejected ticks, by reason");
        meter.CreateObservableCounter(
            "cloudticks.collector.archived.ticks", () => counters.Archived, "{tick}", "Ticks that the event hub acknowledged");
        meter.CreateObservableCounter(
            "cloudticks.collector.archived.records", () => counters.ArchivedRecords, "{record}", "Records that the event hub acknowledged");
        meter.CreateObservableCounter(
            "cloudticks.collector.flagged.ticks",
            () => (Measurement<long>[])[Flagged("crossed", counters.Crossed), Flagged("late", counters.Late),
                Flagged("future", counters.Future)],
            "{tick}", "Ticks kept with a flag");
        meter.CreateObservableCounter(
            "cloudticks.collector.ignored.events",
            () => counters.OtherEvents.Snapshot()
                .Select(type => new Measurement<long>(type.Value, new KeyValuePair<string, object?>("type", type.Key))),
            "{event}", "Events of types that are not collected");
        meter.CreateObservableCounter(
            "cloudticks.collector.unselected.ticks", () => counters.Unselected, "{tick}",
            "Dropped ticks of symbols or kinds that are not selected");
        meter.CreateObservableCounter(
            "cloudticks.collector.archive.rebuilds", () => counters.ArchiveRebuilds, "{rebuild}",
            "Times the archive was created again because the event hub had lost it");
        CreateSpoolInstruments(meter, counters.Spool);
        meter.CreateObservableCounter(
            "cloudticks.collector.batched.records", () => counters.Batched, "{record}", "Records batched, including gap records");
        _feedLatency = meter.CreateHistogram<double>(
            "cloudticks.collector.feed.latency", "s",
            "Time from the feed's timestamp of a message's newest tick to its receipt, by market");
        meter.CreateObservableGauge(
            "cloudticks.collector.in_flight.records", () => counters.InFlight, "{record}",
            "Records that the event hub has not acknowledged");
        meter.CreateObservableGauge(
            "cloudticks.collector.queue.bytes", () => frames.Bytes, "By", "Bytes of frames waiting to be decoded");
    }

    /// <summary>Records the latency of a decoded frame as one measurement, however many ticks the frame has.</summary>
    public void FrameDecoded(Market market, long latencyMs) =>
        _feedLatency.Record(latencyMs / 1000.0, new KeyValuePair<string, object?>("market", market.Path()));

    private static void CreateSpoolInstruments(Meter meter, SpoolCounters spool)
    {
        meter.CreateObservableGauge("cloudticks.collector.spool.bytes", () => spool.Bytes, "By", "Bytes waiting on disk");
        meter.CreateObservableGauge("cloudticks.collector.spool.records", () => spool.Records, "{record}", "Records waiting on disk");
        meter.CreateObservableCounter("cloudticks.collector.spooled.ticks", () => spool.SpooledTicks, "{tick}", "Ticks written to disk");
        meter.CreateObservableCounter(
            "cloudticks.collector.spooled.records", () => spool.SpooledRecords, "{record}", "Records written to disk");
        meter.CreateObservableCounter(
            "cloudticks.collector.drained.ticks", () => spool.DrainedTicks, "{tick}", "Spooled ticks that were acknowledged");
        meter.CreateObservableCounter(
            "cloudticks.collector.drained.records", () => spool.DrainedRecords, "{record}", "Spooled records that were acknowledged");
        meter.CreateObservableCounter(
            "cloudticks.collector.conflated.ticks", () => spool.ConflatedTicks, "{tick}",
            "Quotes dropped in favour of a later one of the same second");
        meter.CreateObservableCounter(
            "cloudticks.collector.refused.ticks", () => spool.RefusedTicks, "{tick}",
            "Ticks refused because the spool was full or could not be written to");
        meter.CreateObservableCounter(
            "cloudticks.collector.spool.damaged.records", () => spool.DamagedRecords, "{record}",
            "Spooled records that could not be read back");
        meter.CreateObservableCounter(
            "cloudticks.collector.spool.torn_tails", () => spool.TornTails, "{file}",
            "Spool files whose incomplete last record was cut off");
        meter.CreateObservableCounter(
            "cloudticks.collector.spool.left_out.letters", () => spool.LettersLeftOut, "{record}",
            "Rejected elements that were dropped instead of being sent to the dead letters");
        meter.CreateObservableCounter("cloudticks.collector.spool.flushes", () => spool.Flushes, "{flush}", "Flushes to disk");
    }

    private static Measurement<long> Flagged(string flag, long count) => new(count, new KeyValuePair<string, object?>("flag", flag));
}
