using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.Hosting;

internal sealed class FunctionsMetrics
{
    private readonly Counter<long> _received;
    private readonly Counter<long> _done;
    private readonly Counter<long> _failed;
    private readonly Counter<long> _failedCheckpoints;
    private readonly Histogram<double> _duration;

    public FunctionsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("CloudTicks.Functions");
        _received = meter.CreateCounter<long>("cloudticks.functions.received.events", "{event}", "Events read from the event hub");
        _done = meter.CreateCounter<long>("cloudticks.functions.done.events", "{event}", "Events that a function has processed");
        _failed = meter.CreateCounter<long>("cloudticks.functions.failed.invocations", "{invocation}", "Calls of a function that failed");
        _failedCheckpoints =
            meter.CreateCounter<long>("cloudticks.functions.failed.checkpoints", "{checkpoint}", "Checkpoints that the event hub refused");
        _duration = meter.CreateHistogram<double>("cloudticks.functions.invocation.duration", "s", "Time that a successful call took");
    }

    public void Received(string function) => _received.Add(1, Tag(function));

    public void Done(string function, int events, TimeSpan duration)
    {
        _done.Add(events, Tag(function));
        Invoked(function, duration);
    }

    public void Invoked(string function, TimeSpan duration) => _duration.Record(duration.TotalSeconds, Tag(function));

    public void Failed(string function) => _failed.Add(1, Tag(function));

    public void CheckpointFailed(string function) => _failedCheckpoints.Add(1, Tag(function));

    private static KeyValuePair<string, object?> Tag(string function) => new("function", function);
}
