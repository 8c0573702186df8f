namespace CloudTicks.EventHub.Security;

internal static partial class Log
{
    [LoggerMessage(12, LogLevel.Information, "closed the connection of {Client}: {Reason}")]
    public static partial void ConnectionRefused(this ILogger logger, string client, string reason);

    [LoggerMessage(40, LogLevel.Information, "clients log in by {How}")]
    public static partial void Secured(this ILogger logger, string how);

    [LoggerMessage(
        41, LogLevel.Warning,
        "passwords and records cross the network of {Listen} unencrypted: give the hub a certificate (--tls-certificate, "
            + "--tls-key), unless the network encrypts by itself")]
    public static partial void PasswordsInTheClear(this ILogger logger, string listen);

    [LoggerMessage(42, LogLevel.Warning, "{File} holds passwords, and every user of this machine can read it: chmod 600 {File}")]
    public static partial void SecretsReadable(this ILogger logger, string file);

    [LoggerMessage(45, LogLevel.Warning, "{Connections} more connections were closed, for reasons that were not said one by one")]
    public static partial void RefusalsUnsaid(this ILogger logger, long connections);

    [LoggerMessage(
        46, LogLevel.Warning,
        "{Refused} connections were refused: {Connections} are open, and more are not permitted. Close some, or raise "
            + "EventHub__MaxConnections and the files that this process may have open (ulimit -n)")]
    public static partial void Crowded(this ILogger logger, int connections, long refused);

    [LoggerMessage(
        95, LogLevel.Warning,
        "closed {Connections} connections of {Address}, which were too slow; the last one, {Client}: {Reason}")]
    public static partial void TooSlow(this ILogger logger, long connections, string address, string client, string reason);

    [LoggerMessage(
        47, LogLevel.Warning,
        "the keys of the issuer of tokens cannot be read from {Source} ({Problem}); while it has none, the hub refuses every token")]
    public static partial void NoTokenKeys(this ILogger logger, string source, string problem);

    [LoggerMessage(48, LogLevel.Information, "the keys of the issuer of tokens are read from {Source} again")]
    public static partial void TokenKeysBack(this ILogger logger, string source);

    [LoggerMessage(43, LogLevel.Warning, "{Client} could not log in: {Reason}")]
    public static partial void LoginFailed(this ILogger logger, string client, string reason);
}
