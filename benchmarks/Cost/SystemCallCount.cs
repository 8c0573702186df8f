using System.Globalization;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>Counts system calls with strace.</summary>
internal static class SystemCallCount
{
    private const int MaxCalls = 8;
    private const int CallsColumn = 3;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <returns>The most frequent calls; empty if the time is zero, or strace is not installed or not permitted.</returns>
    public static async Task<IReadOnlyList<SystemCallRate>> CountAsync(
        IReadOnlyList<int> pids, TimeSpan time, CancellationToken cancellationToken)
    {
        if (time <= TimeSpan.Zero)
        {
            return [];
        }

        var lines = new List<string>();
        try
        {
            await using var strace = await ChildProcess.StartAsync(new ChildProcessOptions
            {
                FileName = "strace",
                Arguments = ["-c", "-f", "-q", .. pids.SelectMany(pid => new[] { "-p", pid.ToString(CultureInfo.InvariantCulture) })],
                OnError = lines.Add,
            });
            await Task.Delay(time, TimeProvider.System, cancellationToken);
            await strace.TerminateAsync(Grace, System.Runtime.InteropServices.PosixSignal.SIGINT);
        }
        catch (FileNotFoundException)
        {
            return [];
        }

        return [.. lines.Select(line => Parse(line, time)).OfType<SystemCallRate>().OrderByDescending(call => call.PerSecond)
            .Take(MaxCalls)];
    }

    /// <summary>Parses a line of strace's table: share, seconds, microseconds per call, calls, optionally errors, name.</summary>
    private static SystemCallRate? Parse(string line, TimeSpan time)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > CallsColumn + 1 && fields[^1] != "total"
            && long.TryParse(fields[CallsColumn], CultureInfo.InvariantCulture, out var calls)
                ? new SystemCallRate(fields[^1], calls / time.TotalSeconds)
                : null;
    }
}
