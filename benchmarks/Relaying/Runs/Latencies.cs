using CloudTicks.Benchmarks.Comparing.Machine;

namespace CloudTicks.Benchmarks.Relaying.Runs;

/// <summary>The latencies of ticks, in ms.</summary>
internal sealed class Latencies
{
    private readonly List<double> _all = [];

    public int Count => _all.Count;

    public void Add(double milliseconds) => _all.Add(milliseconds);

    /// <summary>The report's row for these latencies, with the fdatasync times of the same run for comparison.</summary>
    public RelayingRow ToRow(string what, string goal, MachineFigures machine, ProcessorShares shares, string? failure)
    {
        _all.Sort();
        return new RelayingRow(
            what,
            FormattableString.Invariant($"p50 {At(0.5):0.0}, p99 {At(0.99):0.0}, p99.9 {At(0.999):0.0} ms"),
            FormattableString.Invariant($"fdatasync p50 {machine.FlushP50Ms:0.00}, p99 {machine.FlushP99Ms:0.00} ms"),
            goal, shares, failure);
    }

    private double At(double share) => _all.Count == 0 ? double.NaN : _all[Math.Min(_all.Count - 1, (int)(share * _all.Count))];
}
