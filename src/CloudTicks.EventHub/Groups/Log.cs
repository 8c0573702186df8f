namespace CloudTicks.EventHub.Groups;

internal static partial class Log
{
    [LoggerMessage(16, LogLevel.Information, "group {Group} is in generation {Generation}, with {Members} members")]
    public static partial void Rebalanced(this ILogger logger, string group, int generation, int members);

    [LoggerMessage(
        17, LogLevel.Information,
        "group {Group}: member {Member} was removed because its session expired, or because it did not rejoin or sync in time")]
    public static partial void MemberExpired(this ILogger logger, string group, string member);
}
