using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.Disks;

/// <summary>Meter <c>CloudTicks.Functions</c>: the size, growth and free space of the disks.</summary>
internal sealed class DiskMetrics
{
    public DiskMetrics(IMeterFactory meters, DiskStates states)
    {
        var meter = meters.Create("CloudTicks.Functions");
        meter.CreateObservableGauge(
            "cloudticks.disk.free", () => Of(states, state => state.Reading.FreeBytes), "By", "Free bytes of a disk, by its content");
        meter.CreateObservableGauge(
            "cloudticks.disk.full_in", () => Of(states, state => state.UntilFull?.TotalSeconds), "s",
            "Time until a disk is full at its current growth, by its content");
    }

    private static IEnumerable<Measurement<double>> Of(DiskStates states, Func<DiskState, double?> value) =>
        from state in states.All
        let number = value(state)
        where number is not null
        select new Measurement<double>(
            number.Value, new KeyValuePair<string, object?>("disk", state.Reading.Name),
            new KeyValuePair<string, object?>("where", state.Reading.Where));
}
