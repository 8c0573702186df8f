namespace CloudTicks.EventHub.Groups;

internal static partial class Log
{
    [LoggerMessage(16, LogLevel.Information, "group {Group}: generation {Generation}, {Members} members")]
    public static partial void Rebalanced(this ILogger logger, string group, int generation, int members);

    [LoggerMessage(17, LogLevel.Information, "group {Group}: member {Member} was silent too long and is removed")]
    public static partial void MemberExpired(this ILogger logger, string group, string member);
}
