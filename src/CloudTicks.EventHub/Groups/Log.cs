namespace CloudTicks.EventHub.Groups;

internal static partial class Log
{
    [LoggerMessage(16, LogLevel.Information, "group {Group} has generation {Generation} with {Members} members")]
    public static partial void Rebalanced(this ILogger logger, string group, int generation, int members);

    [LoggerMessage(17, LogLevel.Information, "group {Group}: member {Member} was removed, its session expired")]
    public static partial void MemberExpired(this ILogger logger, string group, string member);
}
