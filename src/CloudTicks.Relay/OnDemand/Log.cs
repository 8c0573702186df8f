namespace CloudTicks.Relay.OnDemand;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Symbol} was added to the collectors' document, because {Caller} has subscribed to it")]
    public static partial void Added(this ILogger logger, string symbol, string caller);

    [LoggerMessage(LogLevel.Warning, "{Symbols} cannot be added to the collectors' document for {Caller}: {Problem}")]
    public static partial void NotAdded(this ILogger logger, string symbols, string caller, string problem);

    [LoggerMessage(
        LogLevel.Information,
        "{Symbol}, which a relay had added, was removed from the collectors' document, because it had no subscriber for {Seconds} s")]
    public static partial void Removed(this ILogger logger, string symbol, double seconds);

    [LoggerMessage(
        LogLevel.Warning,
        "Symbols added by relays cannot be marked as idle in the collectors' document or removed from it, and remain in it: {Problem}")]
    public static partial void NotRemoved(this ILogger logger, string problem);
}
