namespace CloudTicks.AppHost.Local.Running;

internal enum RunPhase
{
    Starting,
    Running,

    /// <summary>The feed of a run that ends by itself has ended; the last ticks go through and are compared.</summary>
    Proving,
    Stopping,
}
