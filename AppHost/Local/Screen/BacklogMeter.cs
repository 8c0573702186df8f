namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Determines whether a function's lag grows, by comparing it with earlier samples.</summary>
internal sealed class BacklogMeter
{
    private const int MaxSamples = 5;

    private readonly Queue<long> _samples = new();

    /// <param name="records">Number of records that the function has not committed.</param>
    public Backlog Read(long records, double recordsPerSecond)
    {
        _samples.Enqueue(records);
        if (_samples.Count > MaxSamples)
        {
            _samples.Dequeue();
        }

        // Below one record a second an estimate in seconds is meaningless.
        return new Backlog(records, recordsPerSecond >= 1 ? records / recordsPerSecond : null, records > _samples.Peek() * 1.1);
    }
}
