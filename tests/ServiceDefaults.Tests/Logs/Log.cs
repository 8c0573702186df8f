using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Tests.Logs;

internal static partial class Log
{
    [LoggerMessage(Message = "Ticks of {Symbol}: {Count}, {Share} of them late")]
    public static partial void Ticks(
        this ILogger logger, LogLevel level, string symbol, int count, double share, Exception? exception = null);

    [LoggerMessage(LogLevel.Warning, "Partitions {Partitions}, last {Last}, well {Well}")]
    public static partial void Partitions(this ILogger logger, IEnumerable<int> partitions, object? last, bool well);
}
