namespace AppHost.Tests.Documents;

/// <summary>How a script ended.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Errors)
{
    public string Both => $"{Output}\n{Errors}";
}
