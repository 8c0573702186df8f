namespace CloudTicks.AppHost.Local.CommandLine;

internal sealed record RunOptions
{
    /// <summary>How long to run from the first tick; null for no such end.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Files of recorded ticks; empty for the synthetic walk.</summary>
    public IReadOnlyList<string> Replay { get; init; } = [];

    /// <summary>Where all data lies, one folder for each feed below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Bytes that the folder of simulated ticks may hold; null where the command line does not say.</summary>
    public long? MaxDisk { get; init; }

    /// <summary>Describe the composition and start nothing.</summary>
    public bool PrintManifest { get; init; }

    /// <summary>The command line of the process that runs on without this terminal; null to run in this one.</summary>
    public IReadOnlyList<string>? Detached { get; init; }

    /// <summary>The report as the last line of standard output, and everything else on standard error.</summary>
    public bool Json { get; init; }

    public bool NoColor { get; init; }

    /// <summary>Lines, also where there is a terminal for the live table.</summary>
    public bool Plain { get; init; }

    /// <summary>1 or 3.</summary>
    public int NatsNodes { get; init; } = 1;

    /// <summary>Whether the functions write a lake.</summary>
    public bool Lake { get; init; }

    public string LogLevel { get; init; } = "INFO";

    public bool LogJson { get; init; }

    /// <summary>Whether the run ends by itself, with a proof that every tick arrived.</summary>
    public bool HasEnd => For is not null || Replay.Count > 0;
}
