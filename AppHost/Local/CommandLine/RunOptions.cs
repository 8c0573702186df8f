namespace CloudTicks.AppHost.Local.CommandLine;

internal sealed record RunOptions
{
    /// <summary>How long to run from the first tick; null to run until stopped.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Files of recorded ticks; empty for the synthetic random walk.</summary>
    public IReadOnlyList<string> Replay { get; init; } = [];

    /// <summary>The root data folder; each feed has a subfolder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Maximum bytes of the simulated feed's folder and its lake together; null if not set on the command line.</summary>
    public long? MaxDisk { get; init; }

    /// <summary>Prints the composition and starts nothing.</summary>
    public bool PrintManifest { get; init; }

    /// <summary>The command line of the detached process; null to run in this process.</summary>
    public IReadOnlyList<string>? DetachedArgs { get; init; }

    /// <summary>Prints the report as the last line of standard output, and everything else on standard error.</summary>
    public bool Json { get; init; }

    public bool NoColor { get; init; }

    /// <summary>Prints lines even on a terminal that could show the live table.</summary>
    public bool Plain { get; init; }

    /// <summary>Number of NATS servers: 1 or 3.</summary>
    public int NatsNodes { get; init; } = 1;

    /// <summary>Whether the functions write a lake.</summary>
    public bool Lake { get; init; }

    public string LogLevel { get; init; } = "INFO";

    public bool LogJson { get; init; }

    /// <summary>Whether the run ends by itself and then checks that every tick arrived.</summary>
    public bool HasEnd => For is not null || Replay.Count > 0;
}
