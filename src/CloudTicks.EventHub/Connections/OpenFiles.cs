using System.Globalization;

namespace CloudTicks.EventHub.Connections;

/// <summary>How many files and sockets the system lets this process have open. Connections must not take those that the log needs.</summary>
internal static class OpenFiles
{
    private const string Limits = "/proc/self/limits";
    private const string Line = "Max open files";

    /// <summary>The limit, or null where there is none, or where it cannot be told.</summary>
    public static int? Limit() => File.Exists(Limits) ? Read(File.ReadLines(Limits)) : null;

    /// <summary>Connections that leave a third of the limit to the data folder.</summary>
    public static int BoundConnections(int wanted, int? limit) => limit is { } open ? Math.Min(wanted, Math.Max((int)(open * 2L / 3), 1)) : wanted;

    internal static int? Read(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is { } found
        && found[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var soft, ..]
        && int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
}
