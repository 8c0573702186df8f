namespace CloudTicks.AppHost.Local.Screen;

/// <summary>Tells whether a function's lag grows: it is compared with the lag of some looks ago.</summary>
internal sealed class BacklogMeter
{
    private const int LooksBack = 5;

    private readonly Queue<long> _before = new();

    /// <param name="records">Records that the function has not committed.</param>
    public Backlog Read(long records, double recordsPerSecond)
    {
        _before.Enqueue(records);
        if (_before.Count > LooksBack)
        {
            _before.Dequeue();
        }

        // With less than one record a second no number of seconds means anything.
        return new Backlog(records, recordsPerSecond >= 1 ? records / recordsPerSecond : null, records > _before.Peek() * 1.1);
    }
}
