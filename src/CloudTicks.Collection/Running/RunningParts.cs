using CloudTicks.Collection.Intake;

namespace CloudTicks.Collection.Running;

/// <summary>The running parts of a collection run, and the token source that stops each.</summary>
internal sealed class RunningParts : IDisposable
{
    public RunningParts(
        TickIntake intake, Func<CancellationToken, Task> receiveAsync, Func<CancellationToken, Task> trackGapsAsync, TimeProvider time,
        CancellationToken stoppingToken)
    {
        DrainDeadline = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        SessionsCancellation = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Intake = intake;
        Decoding = intake.RunAsync(DrainDeadline.Token);
        Receiving = receiveAsync(SessionsCancellation.Token);
        TrackingGaps = trackGapsAsync(GapsCancellation.Token);
    }

    public TickIntake Intake { get; }

    public Task Decoding { get; }

    public Task Receiving { get; }

    public Task TrackingGaps { get; }

    /// <summary>Cancels the decoding when the drain times out.</summary>
    public CancellationTokenSource DrainDeadline { get; }

    public CancellationTokenSource SessionsCancellation { get; }

    public CancellationTokenSource GapsCancellation { get; } = new();

    public void Dispose()
    {
        DrainDeadline.Dispose();
        SessionsCancellation.Dispose();
        GapsCancellation.Dispose();
    }
}
