using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Configuring;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Version {Version} of {Service} is in force ({Action} by {Author}): {Changes}")]
    public static partial void DocumentChanged(
        this ILogger logger, int version, string service, string action, string author, string changes);

    [LoggerMessage(
        LogLevel.Warning, "A change to {Service} ({Action} by {Author}) was refused; faults: {Faults}, the first at '{Place}': {Detail}")]
    public static partial void ChangeRefused(
        this ILogger logger, string service, string action, string author, int faults, string place, string detail);

    [LoggerMessage(LogLevel.Information, "Service {Service} was registered (revision {Revision} by {Author})")]
    public static partial void ServiceRegistered(this ILogger logger, string service, int revision, string author);

    [LoggerMessage(LogLevel.Information, "Service {Service} was unregistered by {Author}; the versions of its document are kept")]
    public static partial void ServiceUnregistered(this ILogger logger, string service, string author);

    [LoggerMessage(
        LogLevel.Information,
        "Changes of documents by other instances are not detected immediately: {Problem}. The watch is retried every second")]
    public static partial void ChangeWatchFailed(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Information, "Changes of documents by other instances are detected immediately again")]
    public static partial void ChangeWatchRecovered(this ILogger logger);

    [LoggerMessage(
        LogLevel.Warning,
        "Version {Version} of {Service} may not have been announced on NATS; further failures are only counted, and followers get the "
            + "version by long poll: {Problem}")]
    public static partial void NotAnnounced(this ILogger logger, int version, string service, string problem);

    [LoggerMessage(LogLevel.Warning, "A request about documents was answered with 503; further ones are only counted: {Problem}")]
    public static partial void NotAnswered(this ILogger logger, string problem);

    [LoggerMessage(LogLevel.Debug, "A request is waiting up to {Seconds:0} s for the document of {Service} to change")]
    public static partial void Waits(this ILogger logger, string service, double seconds);

    [LoggerMessage(LogLevel.Information, "Requests about documents are answered again")]
    public static partial void DatabaseRecovered(this ILogger logger);
}
