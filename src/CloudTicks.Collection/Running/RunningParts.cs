using CloudTicks.Collection.Intake;

namespace CloudTicks.Collection.Running;

/// <summary>The parts of a run, started in their order, and what stops each of them.</summary>
internal sealed class RunningParts : IDisposable
{
    public RunningParts(
        TickIntake intake, Func<CancellationToken, Task> receiveAsync, Func<CancellationToken, Task> keepGapsAsync, TimeProvider time,
        CancellationToken stoppingToken)
    {
        Deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Sessions = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Intake = intake;
        Decoding = intake.RunAsync(Deadline.Token);
        Receiving = receiveAsync(Sessions.Token);
        KeepingGaps = keepGapsAsync(Gaps.Token);
    }

    public TickIntake Intake { get; }

    public Task Decoding { get; }

    public Task Receiving { get; }

    public Task KeepingGaps { get; }

    /// <summary>Ends the decoding when the drain takes too long.</summary>
    public CancellationTokenSource Deadline { get; }

    public CancellationTokenSource Sessions { get; }

    public CancellationTokenSource Gaps { get; } = new();

    public void Dispose()
    {
        Deadline.Dispose();
        Sessions.Dispose();
        Gaps.Dispose();
    }
}
