namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>The exit codes of AppHost.</summary>
internal static class ExitCodes
{
    /// <summary>Success. For a run that ends by itself: every tick arrived.</summary>
    public const int Ok = 0;

    /// <summary>A tick is missing, or archive, table and NATS disagree.</summary>
    public const int NotAllArrived = 1;

    /// <summary>The command line is invalid, a part did not start, or the run failed.</summary>
    public const int CannotStart = 2;

    /// <summary>Ctrl-C or SIGTERM interrupted a run that ends by itself, or the start with <c>--detach</c>.</summary>
    public const int Interrupted = 130;
}
