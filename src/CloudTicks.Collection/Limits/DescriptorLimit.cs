using System.Globalization;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Limits;

/// <summary>Checks whether the process may open enough file descriptors for its connections and spool files.</summary>
internal static class DescriptorLimit
{
    /// <summary>
    /// Descriptors that the process needs without any feed: for runtime, libraries, log, HTTP and the sockets of the event hub.
    /// </summary>
    public const int BaseDescriptors = 200;

    /// <summary>Descriptors per connection: one for the connection, and one for its replacement while the old one closes.</summary>
    public const int DescriptorsPerConnection = 2;

    private const string Limits = "/proc/self/limits";
    private const string OpenFilesLabel = "Max open files";

    /// <summary>The process's limit; null if there is no limit or the system does not report it.</summary>
    public static long? Read() => File.Exists(Limits) ? Parse(File.ReadLines(Limits)) : null;

    /// <summary>Parses the limit from the lines of <c>/proc/self/limits</c>; null when there is none.</summary>
    public static long? Parse(IEnumerable<string> lines)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(OpenFilesLabel, StringComparison.Ordinal));
        var values = line?[OpenFilesLabel.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return values is [var soft, ..] && long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            ? limit
            : null;
    }

    /// <summary>The number of connections that a plan needs.</summary>
    /// <param name="options">The settings for symbols per connection and connections per market.</param>
    public static int Connections(IReadOnlyDictionary<Market, IReadOnlyList<FeedChannel>> plan, PolygonOptions options) =>
        plan.Values.Sum(channels =>
    {
        var symbols = channels.Select(channel => channel.Symbol).Distinct().Count();
        return Math.Min(options.EffectiveMaxConnections, (symbols + options.SymbolsPerConnection - 1) / options.SymbolsPerConnection);
    });

    public static string? Warning(long? limit, int connections)
    {
        var required = BaseDescriptors + (DescriptorsPerConnection * connections);
        return limit is { } max && max < required
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"This process may open {max} files and sockets, but {connections} connections may need {required} in total, so some "
                    + $"may fail to open. Raise the limit before the start with 'ulimit -n 65536'.")
            : null;
    }
}
