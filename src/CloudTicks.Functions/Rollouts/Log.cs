using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Rollouts;

internal static partial class Log
{
    [LoggerMessage(
        LogLevel.Warning, "The step of rollout {Flag} that version {Step} made is rolled back by version {Version}, because {Reason}")]
    public static partial void StepRolledBack(this ILogger logger, string flag, int step, int version, string reason);

    /// <summary>Not a warning, because StoreTicks already reports that the database is unavailable.</summary>
    [LoggerMessage(
        LogLevel.Information, "Rollout guards cannot check; further failures are counted until the database answers: {Problem}")]
    public static partial void GuardCheckFailed(this ILogger logger, string problem);
}
