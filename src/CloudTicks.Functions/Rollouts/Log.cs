using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Rollouts;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Warning, "The step of rollout {Flag} that version {Step} made is rolled back by version {Version}, because {Reason}")]
    public static partial void StepRolledBack(this ILogger logger, string flag, int step, int version, string reason);

    /// <summary>This line is not a warning, because StoreTicks already warns that the database is unavailable.</summary>
    [LoggerMessage(
        LogLevel.Information,
        "A check of the rollout guards failed; further failures are only counted until a check succeeds: {Problem}")]
    public static partial void GuardCheckFailed(this ILogger logger, string problem);
}
