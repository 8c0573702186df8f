using System.Globalization;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Comparing.Machine;

/// <summary>Linux's counters of a process: times and switches since its start, and its current memory.</summary>
/// <param name="ProcessorSeconds">User and system time of all threads and of children that have exited.</param>
/// <param name="Switches">Context switches of the current threads.</param>
/// <param name="ResidentBytes">Current memory; each shared page is divided among the processes that share it.</param>
public readonly record struct ProcessReading(double ProcessorSeconds, long Switches, long ResidentBytes)
{
    /// <summary>The index of the parent's id among the fields of /proc/PID/stat after the name.</summary>
    public const int ParentField = 1;

    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>USER_HZ is 100 on all of Linux's common platforms.</summary>
    private const double TicksPerSecond = 100;

    /// <summary>Adds the counters of two processes.</summary>
    public static ProcessReading operator +(ProcessReading one, ProcessReading other) => new(
        one.ProcessorSeconds + other.ProcessorSeconds, one.Switches + other.Switches, one.ResidentBytes + other.ResidentBytes);

    /// <summary>Reads a process's counters; zeros if it has ended.</summary>
    public static ProcessReading Of(int pid) => new(
        StatOf(pid) is { } stat
            ? stat.Skip(FirstTimeField).Take(TimeFields).Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond
            : 0,
        SwitchesOf(pid),
        (NumberOf($"/proc/{pid}/smaps_rollup", "Pss:") ?? 0) << 10);

    /// <summary>The current memory of a process, including shared pages. It is cheap enough to read several times a second.</summary>
    /// <exception cref="BenchmarkException">The process has exited.</exception>
    public static long ResidentBytesOf(string name, int pid) =>
        NumberOf($"/proc/{pid}/status", "VmRSS:") is { } kilobytes
            ? kilobytes << 10
            : throw new BenchmarkException($"The {name} has exited.");

    /// <summary>The fields of /proc/PID/stat after the name; null when the process has ended.</summary>
    public static string[]? StatOf(int pid) =>
        TryRead($"/proc/{pid}/stat") is { } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null;

    /// <summary>The text of a file in /proc; null if the process has ended, or belongs to another user.</summary>
    public static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long SwitchesOf(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").Select(thread => $"{thread}/status").Sum(status =>
                (NumberOf(status, "voluntary_ctxt_switches:") ?? 0) + (NumberOf(status, "nonvoluntary_ctxt_switches:") ?? 0));
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private static long? NumberOf(string file, string label)
    {
        var line = (TryRead(file) ?? "").Split('\n').FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.AsSpan(label.Length).Trim().TrimEnd("kB "), CultureInfo.InvariantCulture);
    }
}
