using CloudTicks.Collection.Intake;

namespace CloudTicks.Collection.Running;

/// <summary>The running parts of a collection run, and the token source that stops each.</summary>
internal sealed class RunningParts : IDisposable
{
    public RunningParts(
        TickIntake intake, Func<CancellationToken, Task> receiveAsync, Func<CancellationToken, Task> trackGapsAsync, TimeProvider time,
        CancellationToken stoppingToken)
    {
        Deadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Sessions = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Intake = intake;
        Decoding = intake.RunAsync(Deadline.Token);
        Receiving = receiveAsync(Sessions.Token);
        TrackingGaps = trackGapsAsync(Gaps.Token);
    }

    public TickIntake Intake { get; }

    public Task Decoding { get; }

    public Task Receiving { get; }

    public Task TrackingGaps { get; }

    /// <summary>Cancels the decoding when the drain times out.</summary>
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
