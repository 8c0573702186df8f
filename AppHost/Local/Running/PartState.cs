namespace CloudTicks.AppHost.Local.Running;

internal enum PartState
{
    /// <summary>It waits for others, or for the installation.</summary>
    Waiting,
    Starting,
    Healthy,

    /// <summary>It runs, and says that it cannot do its work.</summary>
    Unhealthy,

    /// <summary>It has ended and is being started again.</summary>
    Restarting,
    Stopping,
    Stopped,

    /// <summary>The user's own server, which AppHost does not start.</summary>
    Yours,
}
