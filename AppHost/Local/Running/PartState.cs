namespace CloudTicks.AppHost.Local.Running;

internal enum PartState
{
    /// <summary>Waits for other parts or for the installation.</summary>
    Waiting,
    Starting,
    Healthy,

    /// <summary>Runs, but reports that it cannot do its work.</summary>
    Unhealthy,

    /// <summary>Has exited and is being restarted.</summary>
    Restarting,
    Stopping,
    Stopped,

    /// <summary>Is an external server that the user configured; AppHost does not start it.</summary>
    Yours,
}
