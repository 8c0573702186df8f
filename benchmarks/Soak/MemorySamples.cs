using CloudTicks.Benchmarks.Comparing.Machine;

namespace CloudTicks.Benchmarks.Soak;

/// <summary>The resident memory of one process over a run.</summary>
internal sealed class MemorySamples(string name, int pid)
{
    /// <summary>The time over which the median is taken, because memory changes with every garbage collection.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(20);

    private readonly List<(TimeSpan At, long Bytes)> _samples = [];

    public string Name => name;

    public long Newest => _samples[^1].Bytes;

    public long Max => _samples.Max(sample => sample.Bytes);

    public void Sample(TimeSpan at) => _samples.Add((at, ProcessReading.ResidentBytesOf(name, pid)));

    /// <summary>The median memory around a time.</summary>
    public double At(TimeSpan time)
    {
        var sizes = _samples.Where(sample => (sample.At - time).Duration() <= Window / 2).Select(sample => sample.Bytes).Order().ToArray();
        return sizes[sizes.Length / 2];
    }
}
