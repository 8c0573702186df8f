namespace CloudTicks.Collector;

/// <summary>A setting with which the collector cannot start: the operator needs the sentence, not the stack.</summary>
internal static class StartRefusal
{
    private const int ExitCode = 2;

    /// <summary>Writes the sentences to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Tell(Exception exception)
    {
        foreach (var sentence in SettingProblem.Sentences(exception))
        {
            Console.Error.WriteLine($"The collector does not start: {sentence}");
        }

        return ExitCode;
    }
}
