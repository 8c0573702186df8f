namespace CloudTicks.EventHub.Hosting;

internal static partial class Log
{
    // Programs that start the hub read this line.
    [LoggerMessage(1, LogLevel.Information, "listening on {Address}, data in {Folder}")]
    public static partial void Listening(this ILogger logger, string address, string folder);

    [LoggerMessage(2, LogLevel.Information, "health on {Address}")]
    public static partial void HealthOn(this ILogger logger, string address);

    [LoggerMessage(
        9, LogLevel.Critical,
        "the disk failed; nothing is acknowledged any more and the hub stops. Check the disk, then start again: everything "
            + "acknowledged is recovered")]
    public static partial void DiskBroken(this ILogger logger, Exception exception);

    [LoggerMessage(18, LogLevel.Critical, "{Reason}")]
    public static partial void CannotStart(this ILogger logger, string reason);
}
