namespace CloudTicks.Cli.Hub;

/// <summary>The hub refuses, or does not answer; the message says why.</summary>
internal sealed class HubProblemException(int exitCode, string message, string? json) : Exception(message)
{
    /// <summary>What to tell the shell.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The problem as it came; null when none did.</summary>
    public string? Json { get; } = json;
}
