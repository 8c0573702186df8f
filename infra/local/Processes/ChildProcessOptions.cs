namespace CloudTicks.LocalServices.Processes;

/// <summary>What to start, and where its lines go.</summary>
public sealed record ChildProcessOptions
{
    /// <summary>The program: an absolute path, or a name that is looked up in PATH.</summary>
    public required string FileName { get; init; }

    /// <summary>Its arguments, handed over as they are, without a shell.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// What it inherits of this process's environment (<see cref="ChildVariables"/>); no secret, unless a caller names it.
    /// </summary>
    public IReadOnlyList<string> Inherited { get; init; } = ChildVariables.Program;

    /// <summary>Added to what it inherits; a null value takes the variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The folder in which it runs; this process's own when null.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Called for each line of standard output, one at a time; must not throw. The child waits while it runs.</summary>
    public Action<string>? OnOutput { get; init; }

    /// <summary>Called for each line of standard error, one at a time; must not throw. The child waits while it runs.</summary>
    public Action<string>? OnError { get; init; }

    /// <summary>Who it runs as when this process is root and the child must not be; null: as this process.</summary>
    internal ServiceAccount? RunAs { get; init; }
}
