using System.Text.RegularExpressions;

namespace AppHost.Tests.Documents;

/// <summary>The expected result of a command of a page, or why it does not run in a test.</summary>
/// <param name="Pattern">A regular expression for the whole command.</param>
/// <param name="TestMode">How the command is tested.</param>
internal sealed record Rule(string Pattern, TestMode TestMode)
{
    /// <summary>A regular expression for the command's output.</summary>
    public string ExpectedOutput { get; init; } = "";

    /// <summary>The allowed exit codes.</summary>
    public IReadOnlyList<int> ExitCodes { get; init; } = [0];

    /// <summary>A script that runs before the command, such as a setup step that the page leaves to its reader.</summary>
    public string Before { get; init; } = "";

    /// <summary>Why the output is not compared with that in the page.</summary>
    public string NotCompared { get; init; } = "";

    /// <summary>Why the command does not run.</summary>
    public string Reason { get; init; } = "";

    /// <summary>A file that must exist, and texts that it must contain.</summary>
    public (string Path, string[] Texts)? File { get; init; }

    public bool Matches(string command) => Regex.IsMatch(command, $"^(?:{Pattern})$", RegexOptions.Singleline);
}

/// <summary>How a command is tested.</summary>
internal enum TestMode
{
    /// <summary>Runs until it exits.</summary>
    Run,

    /// <summary>Runs until it has printed the expected output; for commands that run for long or never end.</summary>
    Start,

    /// <summary>Changes the shell for every later command of its page: an alias, a variable, another folder.</summary>
    State,

    /// <summary>Does not run; its options must be in the program's help.</summary>
    Options,

    /// <summary>Does not run; a file must exist.</summary>
    Present,
}
