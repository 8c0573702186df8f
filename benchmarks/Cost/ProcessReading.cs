using System.Globalization;

namespace CloudTicks.Benchmarks.Cost;

/// <summary>What Linux counts of a process since its start; a process that has ended counts in the one that started it.</summary>
/// <param name="ProcessorSeconds">User and system, of all threads and of ended children.</param>
/// <param name="Switches">Context switches of the threads that run now.</param>
/// <param name="ResidentBytes">Memory now, each shared page divided among those that share it.</param>
internal readonly record struct ProcessReading(double ProcessorSeconds, long Switches, long ResidentBytes)
{
    /// <summary>Index of fields of /proc/PID/stat behind the name.</summary>
    public const int ParentField = 1;

    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>USER_HZ is 100 on all of Linux's common platforms.</summary>
    private const double TicksPerSecond = 100;

    public static ProcessReading operator +(ProcessReading one, ProcessReading other) => new(
        one.ProcessorSeconds + other.ProcessorSeconds, one.Switches + other.Switches, one.ResidentBytes + other.ResidentBytes);

    public static ProcessReading Of(int pid) => new(
        StatOf(pid) is { } stat
            ? stat.Skip(FirstTimeField).Take(TimeFields).Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / TicksPerSecond
            : 0,
        SwitchesOf(pid),
        NumberOf($"/proc/{pid}/smaps_rollup", "Pss:") << 10);

    /// <summary>The fields of /proc/PID/stat behind the name; null when the process has ended.</summary>
    public static string[]? StatOf(int pid) =>
        TryRead($"/proc/{pid}/stat") is { } stat ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : null;

    public static string? TryRead(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null; // it has ended
        }
        catch (UnauthorizedAccessException)
        {
            return null; // another user's
        }
    }

    private static long SwitchesOf(int pid)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{pid}/task").Sum(thread =>
                NumberOf($"{thread}/status", "voluntary_ctxt_switches:") + NumberOf($"{thread}/status", "nonvoluntary_ctxt_switches:"));
        }
        catch (DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private static long NumberOf(string file, string label)
    {
        var line = (TryRead(file) ?? "").Split('\n').FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.AsSpan(label.Length).Trim().TrimEnd("kB "), CultureInfo.InvariantCulture);
    }
}
