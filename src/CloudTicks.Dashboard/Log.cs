namespace CloudTicks.Dashboard;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Warning, "A live stream of the page was refused: {Refusal} Further refusals are only counted")]
    public static partial void FirstStreamRefused(this ILogger logger, string refusal);

    [LoggerMessage(
        LogLevel.Warning,
        "A message on {Subject} is not a tick of CloudTicks; it is skipped, and further ones are only counted. What else publishes on "
            + "ticks.>?")]
    public static partial void InvalidMessageSkipped(this ILogger logger, string subject);

    [LoggerMessage(
        LogLevel.Warning,
        "The board has rows for {Symbols} symbols; ticks of further symbols are only counted. Dashboard__Symbols sets how many rows it "
            + "has")]
    public static partial void BoardIsFull(this ILogger logger, int symbols);

    [LoggerMessage(
        LogLevel.Warning, "The page is not built: {Folder} has no index.html. Everything else works; restore or build it (npm run build)")]
    public static partial void PageMissing(this ILogger logger, string folder);

    [LoggerMessage(
        LogLevel.Warning,
        "The functions do not answer at {Functions} ({Problem}): history, settings and rollouts are not shown until they do. "
            + "Dashboard__Functions is their address")]
    public static partial void FunctionsUnavailable(this ILogger logger, string functions, string problem);

    [LoggerMessage(
        LogLevel.Warning,
        "The functions at {Functions} did not return the session's opening prices ({Problem}): until they do, the board shows each "
            + "change since the first tick that this process received")]
    public static partial void OpeningsUnavailable(this ILogger logger, string functions, string problem);

    [LoggerMessage(
        LogLevel.Information,
        "The board shows each change since the beginning of the session: the functions returned the opening prices of {Symbols} symbols")]
    public static partial void OpeningsAvailable(this ILogger logger, int symbols);
}
