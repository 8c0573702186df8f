namespace AppHost.Tests.Documents;

/// <summary>The result of a script.</summary>
internal sealed record ShellResult(int ExitCode, string Output, string Errors)
{
    public string Both => $"{Output}\n{Errors}";
}
