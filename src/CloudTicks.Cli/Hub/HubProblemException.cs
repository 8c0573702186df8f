namespace CloudTicks.Cli.Hub;

/// <summary>The hub refuses or does not answer; the message says why.</summary>
internal sealed class HubProblemException(int exitCode, string message, string? json) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Json { get; } = json;
}
