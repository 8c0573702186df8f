using CloudTicks.Benchmarks.Comparing.Machine;

namespace CloudTicks.Benchmarks.Abuse;

/// <summary>Measures the resident memory of the event hub.</summary>
internal sealed class MemoryProbe(int pid) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private Task _sampling = Task.CompletedTask;

    public long Peak { get; private set; }

    /// <summary>Samples the memory, and keeps the maximum, until disposed of.</summary>
    public void Start() => _sampling = Task.Run(async () =>
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                Peak = Math.Max(Peak, Megabytes());
            }
        }
        catch (OperationCanceledException)
        {
            // The probe was disposed of.
        }
    });

    public long Megabytes() => ProcessReading.ResidentBytesOf("event hub", pid) >> 20;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }
}
