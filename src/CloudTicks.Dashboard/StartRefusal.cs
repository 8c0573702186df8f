namespace CloudTicks.Dashboard;

/// <summary>A setting with which the page cannot be served: the operator needs the sentence, not the stack.</summary>
internal static class StartRefusal
{
    private const int ExitCode = 2;

    /// <summary>Writes the sentences to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception exception)
    {
        Console.Error.WriteLine(string.Join(Environment.NewLine, SettingProblem.Sentences(exception)));
        return ExitCode;
    }
}
