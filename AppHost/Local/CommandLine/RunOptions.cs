namespace CloudTicks.AppHost.Local.CommandLine;

/// <summary>What the command line asks for.</summary>
internal sealed record RunOptions
{
    /// <summary>How long to run from the first tick; null for no such end.</summary>
    public TimeSpan? For { get; init; }

    /// <summary>Files of recorded ticks; empty for the synthetic walk.</summary>
    public IReadOnlyList<string> Replay { get; init; } = [];

    /// <summary>Where all data lies, one folder for each feed below it.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The report as the last line of standard output, and everything else on standard error.</summary>
    public bool Json { get; init; }

    /// <summary>No colours on the terminal.</summary>
    public bool NoColor { get; init; }

    /// <summary>Lines, also where there is a terminal for the live table.</summary>
    public bool Plain { get; init; }

    /// <summary>1 or 3.</summary>
    public int NatsNodes { get; init; } = 1;

    /// <summary>The least level of log lines: DEBUG, INFO, WARNING or ERROR.</summary>
    public string LogLevel { get; init; } = "INFO";

    /// <summary>The lines as JSON, one object a line.</summary>
    public bool LogJson { get; init; }

    /// <summary>Whether the run ends by itself, with a proof that every tick arrived.</summary>
    public bool HasEnd => For is not null || Replay.Count > 0;
}
