namespace CloudTicks.EventHub.Hosting;

internal static partial class Log
{
    // Other programs parse this line.
    [LoggerMessage(1, LogLevel.Information, "listening on {Address}, data in {Folder}")]
    public static partial void Listening(this ILogger logger, string address, string folder);

    [LoggerMessage(2, LogLevel.Information, "health on {Address}")]
    public static partial void HealthListening(this ILogger logger, string address);

    [LoggerMessage(
        9, LogLevel.Critical,
        "the disk failed: the event hub acknowledges nothing more and stops. Check the disk and start the event hub again: every "
            + "acknowledged record is recovered")]
    public static partial void DiskFailed(this ILogger logger, Exception exception);

    [LoggerMessage(18, LogLevel.Critical, "{Reason}")]
    public static partial void CannotStart(this ILogger logger, string reason);
}
