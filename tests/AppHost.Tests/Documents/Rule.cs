using System.Text.RegularExpressions;

namespace AppHost.Tests.Documents;

/// <summary>What a command of a page is expected to do, or why it does not run in a test.</summary>
/// <param name="Pattern">The whole command; a regular expression.</param>
/// <param name="Way">How it is tried.</param>
internal sealed record Rule(string Pattern, Way Way)
{
    /// <summary>A regular expression for what it prints.</summary>
    public string Prints { get; init; } = "";

    /// <summary>How it may end.</summary>
    public IReadOnlyList<int> ExitCodes { get; init; } = [0];

    /// <summary>What runs before it, such as the reader's own setup.</summary>
    public string Before { get; init; } = "";

    /// <summary>Why its output is not compared with what the page shows.</summary>
    public string NotCompared { get; init; } = "";

    /// <summary>Why it does not run.</summary>
    public string Reason { get; init; } = "";

    /// <summary>A file that must be there, and texts that must be in it.</summary>
    public (string Path, string[] Texts)? File { get; init; }

    public bool Matches(string command) => Regex.IsMatch(command, $"^(?:{Pattern})$", RegexOptions.Singleline);
}

/// <summary>How a command is tried.</summary>
internal enum Way
{
    /// <summary>To its end.</summary>
    Run,

    /// <summary>It has no end, or none soon: stopped when it has printed what it should.</summary>
    Start,

    /// <summary>Part of every later command of its page: an alias, a variable, another folder.</summary>
    State,

    /// <summary>It does not run; its options must be in the program's help.</summary>
    Options,

    /// <summary>It does not run; a file must be there.</summary>
    Present,
}
