using CloudTicks.CentralHub.Access;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Access;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Debug, "{Caller} was admitted as {Role}")]
    public static partial void CallerAdmitted(this ILogger logger, string caller, AccessRole role);

    [LoggerMessage(LogLevel.Warning, "The keys cannot be read; known keys stay valid, other keys get 503: {Problem}")]
    public static partial void KeyReadFailed(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "The keys can be read again")]
    public static partial void KeyReadRecovered(this ILogger logger);

    [LoggerMessage(
        LogLevel.Information,
        "Every caller needs a key, because the host listens on addresses other than loopback, Listening__RequireKeys is set, or it runs on "
            + "Azure. {First}")]
    public static partial void KeysRequired(this ILogger logger, string first);

    [LoggerMessage(LogLevel.Information, "{Author} created key {Id}: {Name}, {Role}")]
    public static partial void KeyCreated(this ILogger logger, string author, string id, string name, string role);

    [LoggerMessage(LogLevel.Information, "{Author} revoked key {Id} of {Name}")]
    public static partial void KeyRevoked(this ILogger logger, string author, string id, string name);
}
