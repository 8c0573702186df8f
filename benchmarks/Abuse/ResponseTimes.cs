namespace CloudTicks.Benchmarks.Abuse;

/// <summary>How long one client waited for each response, in milliseconds.</summary>
internal sealed class ResponseTimes(string name)
{
    private readonly List<double> _all = [];

    public string Name => name;

    public int Failures { get; private set; }

    public int Count => _all.Count;

    public double Max => _all.Count == 0 ? 0 : _all.Max();

    public void Add(TimeSpan wait) => _all.Add(wait.TotalMilliseconds);

    public void AddFailure() => Failures++;

    public double Percentile(int percent)
    {
        var sorted = _all.Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count * percent / 100, sorted.Count - 1)];
    }
}
