using System.Globalization;

namespace CloudTicks.EventHub.Connections;

/// <summary>The process's limit and number of open files. Connections must leave enough of them for the log and the segments.</summary>
internal static class OpenFiles
{
    private const string LimitsPath = "/proc/self/limits";
    private const string DescriptorsPath = "/proc/self/fd";
    private const string LimitPrefix = "Max open files";
    private const int MinReserve = 32;
    private const int MaxReserve = 1024;
    private const int ReserveDivisor = 16;

    /// <summary>The limit; null when there is none or it is unknown.</summary>
    public static int? Limit() => File.Exists(LimitsPath) ? Read(File.ReadLines(LimitsPath)) : null;

    /// <summary>The number of open files; int.MaxValue when no more can be opened; null when it is unknown.</summary>
    public static int? Count()
    {
        try
        {
            return Directory.Exists(DescriptorsPath) ? Directory.EnumerateFileSystemEntries(DescriptorsPath).Count() : null;
        }
        catch (IOException)
        {
            return int.MaxValue; // no descriptor is left to open the folder
        }
    }

    /// <summary>The number of connections that can be accepted.</summary>
    /// <param name="limit">The operating system's limit; null when there is none or it is unknown.</param>
    /// <param name="others">The number of open files that are not connections.</param>
    public static int MaxConnections(int configured, int? limit, int others) =>
        limit is { } open
            ? (int)Math.Clamp((long)open - others - Math.Clamp(open / ReserveDivisor, MinReserve, MaxReserve), 0, configured) : configured;

    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(LimitPrefix, StringComparison.Ordinal)) is { } found
        && found[LimitPrefix.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
}
