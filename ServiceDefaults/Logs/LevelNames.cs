using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Logs;

internal static class LevelNames
{
    private static readonly Dictionary<string, LogLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DEBUG"] = LogLevel.Debug,
        ["INFO"] = LogLevel.Information,
        ["WARNING"] = LogLevel.Warning,
        ["ERROR"] = LogLevel.Error,
    };

    public static string All { get; } = string.Join(", ", Levels.Keys);

    public static bool TryParse(string name, out LogLevel level) => Levels.TryGetValue(name, out level);

    /// <summary>Returns the name of a level: DEBUG also for Trace, ERROR also for Critical.</summary>
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARNING",
        _ => "ERROR",
    };
}
