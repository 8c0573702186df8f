namespace CloudTicks.AppHost.Local.Running;

internal enum RunPhase
{
    Starting,
    Running,

    /// <summary>The feed has ended; the last ticks are being processed and compared.</summary>
    Proving,
    Stopping,
}
