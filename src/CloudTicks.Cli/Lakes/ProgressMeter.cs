using System.Globalization;

namespace CloudTicks.Cli.Lakes;

/// <summary>Shows the progress of a long operation on standard error, with an estimate of the remaining time.</summary>
internal sealed class ProgressMeter(string what, TextWriter errors, bool isTerminal, TimeProvider time)
{
    /// <summary>The minimum progress for an estimate of the remaining time.</summary>
    private const double MinShare = 0.02;

    private readonly long _startedAt = time.GetTimestamp();
    private double _share;

    /// <summary>Receives the progress, 0 to 1.</summary>
    public void Report(double share) => Volatile.Write(ref _share, share);

    /// <summary>Shows the progress while an operation runs.</summary>
    public async Task<T> ShowAsync<T>(Task<T> running)
    {
        using var displayEnd = new CancellationTokenSource();
        var display = ProgressLine.ShowAsync(Line, errors, isTerminal, time, displayEnd.Token);
        try
        {
            return await running;
        }
        finally
        {
            await displayEnd.CancelAsync();
            await display;
        }
    }

    private string Line()
    {
        var share = Volatile.Read(ref _share);
        var remaining = TimeSpan.FromSeconds(time.GetElapsedTime(_startedAt).TotalSeconds * (1 - share) / Math.Max(share, MinShare));
        var estimate = share < MinShare ? ""
            : remaining.TotalSeconds < 100 ? string.Create(CultureInfo.InvariantCulture, $", about {remaining.TotalSeconds:0} s left")
            : string.Create(CultureInfo.InvariantCulture, $", about {remaining.TotalMinutes:0} min left");
        return string.Create(CultureInfo.InvariantCulture, $"{what}: {Math.Floor(100 * share):0} %{estimate}");
    }
}
