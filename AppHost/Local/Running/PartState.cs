namespace CloudTicks.AppHost.Local.Running;

internal enum PartState
{
    /// <summary>The part waits for other parts or for the installation.</summary>
    Waiting,
    Starting,
    Healthy,

    /// <summary>The part is running, but its health check fails or is not answered.</summary>
    Unhealthy,

    /// <summary>The part has exited and is being restarted.</summary>
    Restarting,
    Stopping,
    Stopped,

    /// <summary>The part is an external server that the user configured; AppHost does not start it.</summary>
    Yours,
}
