using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Version {Version} of the document {Service} is in force ({Source})")]
    public static partial void InForce(this ILogger logger, int version, string service, string source);

    [LoggerMessage(
        LogLevel.Information,
        "The central hub has only defaults for {Service}: the settings of file and environment stay in force")]
    public static partial void NothingDecided(this ILogger logger, string service);

    [LoggerMessage(
        LogLevel.Error, "Version {Version} of the document {Service} is refused, the previous settings stay in force: {Sentence}")]
    public static partial void DocumentRefused(this ILogger logger, int version, string service, string sentence);

    [LoggerMessage(LogLevel.Warning, "{Sentence} {InForce} stays in force; the hub is queried until it responds")]
    public static partial void HubUnavailable(this ILogger logger, string sentence, string inForce);

    [LoggerMessage(
        LogLevel.Information,
        "The central hub is unavailable at the start: {Sentence} {InForce} is in force; the hub is queried until it responds")]
    public static partial void HubUnavailableAtStart(this ILogger logger, string sentence, string inForce);

    [LoggerMessage(LogLevel.Information, "The central hub at {Address} responds again")]
    public static partial void HubRecovered(this ILogger logger, string address);

    [LoggerMessage(LogLevel.Warning, "{Sentence} Without it, a start while the central hub is unavailable uses file and environment")]
    public static partial void FileProblem(this ILogger logger, string sentence);

    [LoggerMessage(
        LogLevel.Warning,
        "The central hub refuses the reports of this process: {Sentence} It is retried; further failures are counted only")]
    public static partial void ReportFailed(this ILogger logger, string sentence);

    [LoggerMessage(LogLevel.Warning, "Announcements of changes are off: {Sentence} Changes arrive by long polls")]
    public static partial void NoAnnouncements(this ILogger logger, string sentence);
}
