using System.Globalization;

namespace CloudTicks.EventHub.Connections;

/// <summary>The process's limit and number of open files, of which connections must leave enough to the log and segments.</summary>
internal static class OpenFiles
{
    private const string Limits = "/proc/self/limits";
    private const string Descriptors = "/proc/self/fd";
    private const string Line = "Max open files";
    private const int SmallestReserve = 32;
    private const int LargestReserve = 1024;
    private const int ReserveShare = 16;

    /// <summary>The limit, or null where there is none, or where it cannot be told.</summary>
    public static int? Limit() => File.Exists(Limits) ? Read(File.ReadLines(Limits)) : null;

    /// <summary>What is open now; null where it cannot be told.</summary>
    public static int? Count()
    {
        try
        {
            return Directory.Exists(Descriptors) ? Directory.EnumerateFileSystemEntries(Descriptors).Count() : null;
        }
        catch (IOException)
        {
            return int.MaxValue; // not even the folder can be opened
        }
    }

    /// <summary>Connections that there may be.</summary>
    /// <param name="limit">Files that the system allows, if it says so.</param>
    public static int BoundConnections(int wanted, int? limit, int others) =>
        limit is { } open
            ? (int)Math.Clamp((long)open - others - Math.Clamp(open / ReserveShare, SmallestReserve, LargestReserve), 0, wanted) : wanted;

    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is { } found
        && found[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
}
