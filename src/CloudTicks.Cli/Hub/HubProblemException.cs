namespace CloudTicks.Cli.Hub;

/// <summary>A command cannot continue, for example because the hub refuses or does not answer; the message says why.</summary>
internal sealed class HubProblemException(int exitCode, string message, string? json) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    public string? Json { get; } = json;
}
