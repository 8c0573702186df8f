using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Version {Version} of the document {Service} is in force ({Source})")]
    public static partial void InForce(this ILogger logger, int version, string service, string source);

    [LoggerMessage(
        LogLevel.Information,
        "The central hub has only defaults for {Service}: the settings from files and environment remain in use")]
    public static partial void OnlyDefaults(this ILogger logger, string service);

    [LoggerMessage(
        LogLevel.Error, "Version {Version} of the document {Service} is refused, and the previous settings remain in use: {Sentence}")]
    public static partial void DocumentRefused(this ILogger logger, int version, string service, string sentence);

    [LoggerMessage(LogLevel.Warning, "{Sentence} {InForce} remains in use; the hub is queried until it responds")]
    public static partial void HubUnavailable(this ILogger logger, string sentence, string inForce);

    [LoggerMessage(
        LogLevel.Information,
        "The central hub is unavailable at the start: {Sentence} {InForce} is in force; the hub is queried until it responds")]
    public static partial void HubUnavailableAtStart(this ILogger logger, string sentence, string inForce);

    [LoggerMessage(LogLevel.Information, "The central hub at {Address} responds again")]
    public static partial void HubRecovered(this ILogger logger, string address);

    [LoggerMessage(
        LogLevel.Warning,
        "{Sentence} Without the stored document, a start while the central hub is unavailable uses only settings files and environment")]
    public static partial void FileProblem(this ILogger logger, string sentence);

    [LoggerMessage(
        LogLevel.Warning,
        "The reports of this process to the central hub fail: {Sentence} They are retried; further failures are counted, not logged")]
    public static partial void ReportFailed(this ILogger logger, string sentence);

    [LoggerMessage(LogLevel.Warning, "Announcements of changes are off: {Sentence} Changes arrive through long polls")]
    public static partial void NoAnnouncements(this ILogger logger, string sentence);
}
