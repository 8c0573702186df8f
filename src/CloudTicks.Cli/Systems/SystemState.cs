namespace CloudTicks.Cli.Systems;

internal enum SystemState
{
    Starting,
    Running,
    Stopping,
    Stopped,

    /// <summary>AppHost was killed (kill -9, a power cut); the next start recovers the system.</summary>
    Killed,
}
