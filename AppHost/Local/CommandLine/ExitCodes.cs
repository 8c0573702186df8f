namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>What AppHost's exit code tells a script.</summary>
internal static class ExitCodes
{
    /// <summary>All well; of a run that ends by itself: every tick arrived.</summary>
    public const int Ok = 0;

    /// <summary>A tick is missing, or the archive, the table and NATS do not agree.</summary>
    public const int NotAllArrived = 1;

    /// <summary>The command line is wrong, or a part did not start.</summary>
    public const int CannotStart = 2;

    /// <summary>Ctrl-C or SIGTERM before the end of a run that ends by itself.</summary>
    public const int Interrupted = 130;
}
