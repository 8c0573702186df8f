namespace Microsoft.Extensions.Hosting;

/// <summary>A service's command line: <c>--Section:Name value</c> and some options; .NET's configuration ignores unknown ones.</summary>
public static class ServiceArguments
{
    private static readonly string[] Options =
    [
        "--urls", LogArguments.LevelOption, LogArguments.JsonOption,
        "--environment", "--contentRoot", "--webRoot", "--applicationName", "--http_ports", "--https_ports",
    ];

    /// <summary>Refuses what is no option, and an option without a value.</summary>
    /// <param name="own">Options that this program has beside those of every service.</param>
    /// <returns>The command line for the configuration (<see cref="LogArguments.Complete"/>).</returns>
    /// <exception cref="InvalidOperationException">Something is wrong; the sentence says what.</exception>
    public static string[] Read(IReadOnlyList<string> arguments, string program, params string[] own)
    {
        string[] options = [.. Options, .. own];
        var complete = LogArguments.Complete(arguments);
        for (var i = 0; i < complete.Length; i++)
        {
            var (name, isWhole) = complete[i].Split('=', 2) is [var before, _] ? (before, true) : (complete[i], false);
            // The form name=value of a setting, without dashes, is .NET's too.
            var isSetting = name.Contains(':', StringComparison.Ordinal) && (isWhole || name.StartsWith("--", StringComparison.Ordinal));
            if (!isSetting && !options.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"{OptionSpelling.Refusal(name, program, [.. Options[..3], .. own])} A setting is given as --Section:Name value "
                    + "(docs/configuration.md).");
            }

            if (!isWhole && (++i == complete.Length || OptionSpelling.IsOption(complete[i])))
            {
                throw new InvalidOperationException($"{name} needs a value.");
            }
        }

        return complete;
    }
}
