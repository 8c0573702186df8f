namespace Microsoft.Extensions.Hosting;

/// <summary>
/// A service's command line: <c>--Section:Name value</c> and a few options. Unlike .NET's configuration, it rejects unknown options.
/// </summary>
public static class ServiceArguments
{
    private static readonly string[] Options =
    [
        "--urls", LogArguments.LevelOption, LogArguments.JsonOption,
        "--environment", "--contentRoot", "--webRoot", "--applicationName", "--http_ports", "--https_ports",
    ];

    /// <summary>Rejects unknown options, and options without a value.</summary>
    /// <param name="own">Options of this program, in addition to those of every service.</param>
    /// <returns>The arguments to pass to the configuration (<see cref="LogArguments.Complete"/>).</returns>
    /// <exception cref="InvalidOperationException">An argument is invalid; the message explains why.</exception>
    public static string[] Read(IReadOnlyList<string> arguments, string program, params string[] own)
    {
        string[] options = [.. Options, .. own];
        var completeArguments = LogArguments.Complete(arguments);
        for (var i = 0; i < completeArguments.Length; i++)
        {
            var (name, hasValue) = completeArguments[i].Split('=', 2) is [var before, _] ? (before, true) : (completeArguments[i], false);
            // .NET also accepts name=value without dashes.
            var isSetting = name.Contains(':', StringComparison.Ordinal) && (hasValue || name.StartsWith("--", StringComparison.Ordinal));
            if (!isSetting && !options.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                throw new InvalidOperationException(
                    $"{OptionSpelling.Refusal(name, program, [.. Options[..3], .. own])} A setting is given as --Section:Name value "
                    + "(docs/configuration.md).");
            }

            if (!hasValue && (++i == completeArguments.Length || OptionSpelling.IsOption(completeArguments[i])))
            {
                throw new InvalidOperationException($"{name} needs a value.");
            }
        }

        return completeArguments;
    }
}
