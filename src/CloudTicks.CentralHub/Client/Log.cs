using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Version {Version} of the document {Service} is in force ({Source})")]
    public static partial void InForce(this ILogger logger, int version, string service, string source);

    [LoggerMessage(
        LogLevel.Information,
        "The central hub has no settings for {Service} but its defaults: what file and environment say stays in force")]
    public static partial void NothingDecided(this ILogger logger, string service);

    [LoggerMessage(
        LogLevel.Error, "Version {Version} of the document {Service} cannot be used, so that what was in force stays: {Sentence}")]
    public static partial void DocumentRefused(this ILogger logger, int version, string service, string sentence);

    [LoggerMessage(LogLevel.Warning, "{Sentence} {InForce} stays in force; the hub is queried until it answers")]
    public static partial void HubAway(this ILogger logger, string sentence, string inForce);

    [LoggerMessage(
        LogLevel.Information,
        "The central hub is not there at the start: {Sentence} {InForce} is in force; the hub is queried until it answers")]
    public static partial void HubAwayAtStart(this ILogger logger, string sentence, string inForce);

    [LoggerMessage(LogLevel.Information, "The central hub at {Address} answers")]
    public static partial void HubBack(this ILogger logger, string address);

    [LoggerMessage(LogLevel.Warning, "{Sentence} Without it, a start while the central hub is away begins with file and environment")]
    public static partial void FileProblem(this ILogger logger, string sentence);

    [LoggerMessage(
        LogLevel.Warning,
        "The central hub does not take what this process reports: {Sentence} It is tried again; further failures are counted")]
    public static partial void ReportFailed(this ILogger logger, string sentence);

    [LoggerMessage(LogLevel.Warning, "Changes are not announced to this process: {Sentence} The long poll brings them")]
    public static partial void NoAnnouncements(this ILogger logger, string sentence);
}
