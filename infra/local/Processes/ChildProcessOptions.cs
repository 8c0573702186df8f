namespace CloudTicks.LocalServices.Processes;

/// <summary>The program to start, its environment and the receivers of its lines.</summary>
public sealed record ChildProcessOptions
{
    /// <summary>The program: an absolute path, or a name that is looked up in PATH.</summary>
    public required string FileName { get; init; }

    /// <summary>The program's arguments, passed without a shell.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>
    /// The variables that the program inherits from this process's environment (<see cref="ChildVariables"/>); no secret, unless a caller
    /// names it.
    /// </summary>
    public IReadOnlyList<string> Inherited { get; init; } = ChildVariables.Program;

    /// <summary>Variables added to the inherited ones; a null value removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The program's working folder; this process's own when null.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Receives each line of standard output, one at a time; must not throw, and should not block.</summary>
    public Action<string>? OnOutput { get; init; }

    /// <summary>Receives each line of standard error, one at a time; must not throw, and should not block.</summary>
    public Action<string>? OnError { get; init; }

    /// <summary>The user to run as when this process is root and the child must not be; null: this process's user.</summary>
    internal ServiceAccount? RunAs { get; init; }
}
