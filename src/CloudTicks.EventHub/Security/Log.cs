namespace CloudTicks.EventHub.Security;

internal static partial class Log
{
    [LoggerMessage(12, LogLevel.Information, "the connection of {Client} was closed: {Reason}")]
    public static partial void ConnectionRefused(this ILogger logger, string client, string reason);

    [LoggerMessage(40, LogLevel.Information, "clients log in with {How}")]
    public static partial void LoginRequired(this ILogger logger, string how);

    [LoggerMessage(
        41, LogLevel.Warning,
        "passwords and records are sent unencrypted on the network of {Listen}: configure a certificate (--tls-certificate, "
            + "--tls-key), unless the network itself is encrypted")]
    public static partial void PasswordsInTheClear(this ILogger logger, string listen);

    [LoggerMessage(
        42, LogLevel.Warning, "{File} contains passwords, and other users of this machine can read or change it. Run chmod 600 {File}")]
    public static partial void SecretsReadable(this ILogger logger, string file);

    [LoggerMessage(45, LogLevel.Warning, "{Connections} more connections were closed without logging the reasons")]
    public static partial void RefusalsNotLogged(this ILogger logger, long connections);

    [LoggerMessage(
        46, LogLevel.Warning,
        "{Refused} connections were refused: {Connections} are open, which is the limit. Close some, or raise "
            + "EventHub__MaxConnections and the limit of open files (ulimit -n)")]
    public static partial void ConnectionLimitReached(this ILogger logger, int connections, long refused);

    [LoggerMessage(
        95, LogLevel.Warning,
        "{Connections} connections of {Address} were closed because they were too slow; the last one, {Client}: {Reason}")]
    public static partial void TooSlow(this ILogger logger, long connections, string address, string client, string reason);

    [LoggerMessage(
        47, LogLevel.Warning,
        "the token issuer's keys cannot be read from {Source} ({Problem}); the event hub refuses every token "
            + "unless it read the keys within the last 24 hours")]
    public static partial void TokenKeysFailed(this ILogger logger, string source, string problem);

    [LoggerMessage(48, LogLevel.Information, "the token issuer's keys can be read from {Source} again")]
    public static partial void TokenKeysRestored(this ILogger logger, string source);

    [LoggerMessage(43, LogLevel.Warning, "{Client} could not log in: {Reason}")]
    public static partial void LoginFailed(this ILogger logger, string client, string reason);
}
