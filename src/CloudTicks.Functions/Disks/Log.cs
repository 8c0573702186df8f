using CloudTicks.Foundations;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Disks;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "{Problem}")]
    public static partial void DiskCritical(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Warning, "{Problem}")]
    public static partial void DiskFillsUp(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "The disk of the {Name} ({Where}) has room again: {Free} are free")]
    public static partial void DiskHasRoom(this ILogger logger, string name, string where, ByteSize free);

    [LoggerMessage(LogLevel.Warning, "The oldest chunk cannot be dropped early; the next poll tries again: {Problem}")]
    public static partial void EarlyDropFailed(this ILogger logger, string problem);
}
