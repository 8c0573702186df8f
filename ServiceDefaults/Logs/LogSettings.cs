using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Logs;

/// <summary>Which lines are written, and how. The command line comes before the environment.</summary>
/// <param name="Json">One JSON object a line, instead of plain text.</param>
internal sealed record LogSettings(LogLevel Level, bool Json)
{
    private const string LevelVariable = "LOG_LEVEL";
    private const string JsonVariable = "LOG_JSON";

    /// <exception cref="StartException">A setting has a value that it cannot have.</exception>
    public static LogSettings Read(IConfiguration configuration)
    {
        var level = LogLevel.Information;
        if (Find(configuration, LogArguments.LevelOption, LevelVariable) is var (levelSetting, levelName)
            && !LevelNames.TryParse(levelName, out level))
        {
            throw new StartException($"{levelSetting} is one of {LevelNames.All}, not '{levelName}'.");
        }

        var json = false;
        if (Find(configuration, LogArguments.JsonOption, JsonVariable) is var (jsonSetting, jsonValue)
            && !bool.TryParse(jsonValue, out json))
        {
            throw new StartException($"{jsonSetting} is true or false, not '{jsonValue}'.");
        }

        return new LogSettings(level, json);
    }

    /// <summary>The setting that counts; an empty variable is one that is not set.</summary>
    private static (string Setting, string Value)? Find(IConfiguration configuration, string option, string variable)
    {
        if (configuration[option.TrimStart('-')] is { } argument)
        {
            return (option, argument);
        }

        return configuration[variable] is { Length: > 0 } value ? (variable, value) : null;
    }
}
