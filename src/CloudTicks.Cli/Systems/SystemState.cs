namespace CloudTicks.Cli.Systems;

internal enum SystemState
{
    Starting,
    Running,
    Stopping,
    Stopped,

    /// <summary>It was killed (kill -9, a power cut); the next start recovers.</summary>
    Killed,
}
