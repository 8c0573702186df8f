namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Determines whether a function's lag grows, by comparing it with earlier samples.</summary>
internal sealed class BacklogMeter
{
    private const int MaxSamples = 5;

    private readonly Queue<long> _before = new();

    /// <param name="records">Number of records that the function has not committed.</param>
    public Backlog Read(long records, double recordsPerSecond)
    {
        _before.Enqueue(records);
        if (_before.Count > MaxSamples)
        {
            _before.Dequeue();
        }

        // Below one record a second an estimate in seconds is meaningless.
        return new Backlog(records, recordsPerSecond >= 1 ? records / recordsPerSecond : null, records > _before.Peek() * 1.1);
    }
}
