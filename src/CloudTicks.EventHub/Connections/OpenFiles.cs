using System.Globalization;

namespace CloudTicks.EventHub.Connections;

/// <summary>The process's limit and number of open files. Connections must leave enough of them for log and segments.</summary>
internal static class OpenFiles
{
    private const string Limits = "/proc/self/limits";
    private const string Descriptors = "/proc/self/fd";
    private const string Line = "Max open files";
    private const int MinReserve = 32;
    private const int MaxReserve = 1024;
    private const int ReserveFraction = 16;

    /// <summary>The limit; null when there is none or it is unknown.</summary>
    public static int? Limit() => File.Exists(Limits) ? Read(File.ReadLines(Limits)) : null;

    /// <summary>The number of open files; null when it is unknown.</summary>
    public static int? Count()
    {
        try
        {
            return Directory.Exists(Descriptors) ? Directory.EnumerateFileSystemEntries(Descriptors).Count() : null;
        }
        catch (IOException)
        {
            return int.MaxValue; // no descriptor is left to open the folder
        }
    }

    /// <summary>The number of connections that can be accepted.</summary>
    /// <param name="limit">The operating system's limit; null when it is unknown.</param>
    public static int MaxConnections(int configured, int? limit, int others) =>
        limit is { } open
            ? (int)Math.Clamp((long)open - others - Math.Clamp(open / ReserveFraction, MinReserve, MaxReserve), 0, configured) : configured;

    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is { } found
        && found[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
}
