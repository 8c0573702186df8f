namespace Microsoft.Extensions.Hosting;

/// <summary>The <c>--help</c> output of a service that has no specific options.</summary>
public static class ServiceHelp
{
    /// <summary>The exit codes, which end every service's help.</summary>
    public const string ExitCodes =
        "Exit codes: 0 stopped on request; 1 failed, see the log; 2 not started, see standard error";

    /// <summary>Returns the help text.</summary>
    /// <param name="purpose">What the service does, without a full stop.</param>
    /// <param name="address">Where it listens unless <c>--urls</c> is set.</param>
    /// <param name="examples">Command lines or environment settings, one per line.</param>
    public static string Text(string program, string purpose, string address, params string[] examples) => $"""
        {program}: {purpose}

          {program} [options]

          --urls URLS              addresses to listen on, with ';' between them ({address})
          --Section:Name VALUE     any setting; in the environment Section__Name (docs/configuration.md lists all)
          --log-level LEVEL        DEBUG, INFO, WARNING or ERROR (INFO)
          --log-json               one JSON object per line
          --help, -h               this text
          --version                the version alone

        Examples:
          {string.Join($"{Environment.NewLine}  ", examples)}

        {ExitCodes}
        """;
}
