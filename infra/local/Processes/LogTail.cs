namespace CloudTicks.LocalServices.Processes;

/// <summary>The last lines of a child's log, for the error message.</summary>
internal sealed class LogTail
{
    private const int Capacity = 40;

    private readonly Queue<string> _lines = new(Capacity);
    private readonly Lock _gate = new();

    /// <summary>Adds a line; above 40 lines the oldest one is dropped.</summary>
    public void Add(string line)
    {
        lock (_gate)
        {
            if (_lines.Count == Capacity)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line);
        }
    }

    public bool Contains(string text) => Lines().Any(line => line.Contains(text, StringComparison.Ordinal));

    public IReadOnlyList<string> Lines()
    {
        lock (_gate)
        {
            return [.. _lines];
        }
    }

    public override string ToString() => string.Join(" | ", Lines().TakeLast(8));
}
