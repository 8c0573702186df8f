namespace Microsoft.Extensions.Hosting;

/// <summary>The two logging options of every service: <c>--log-level LEVEL</c> and <c>--log-json</c>.</summary>
public static class LogArguments
{
    internal const string LevelOption = "--log-level";
    internal const string JsonOption = "--log-json";

    /// <summary>Adds missing values for the configuration: true for <c>--log-json</c>, an empty text for <c>--log-level</c>.</summary>
    public static string[] Complete(IReadOnlyList<string> arguments)
    {
        var completeArguments = new string[arguments.Count];
        for (var i = 0; i < arguments.Count; i++)
        {
            var next = i + 1 < arguments.Count ? arguments[i + 1] : "";
            completeArguments[i] = arguments[i] switch
            {
                JsonOption when !bool.TryParse(next, out _) => $"{JsonOption}=true",
                LevelOption when next.Length == 0 || next.StartsWith("--", StringComparison.Ordinal) => $"{LevelOption}=",
                var argument => argument,
            };
        }

        return completeArguments;
    }
}
