using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ServiceDefaults.Logs;

/// <summary>Which lines are logged, and in which format. The command line overrides the environment.</summary>
/// <param name="Json">One JSON object per line instead of plain text.</param>
internal sealed record LogSettings(LogLevel Level, bool Json)
{
    private const string LevelVariable = "LOG_LEVEL";
    private const string JsonVariable = "LOG_JSON";

    /// <exception cref="StartException">A setting has an invalid value.</exception>
    public static LogSettings Read(IConfiguration configuration)
    {
        var level = LogLevel.Information;
        if (Find(configuration, LogArguments.LevelOption, LevelVariable) is var (levelSetting, levelName)
            && !LevelNames.TryParse(levelName, out level))
        {
            throw new StartException($"{levelSetting} must be one of {LevelNames.All}, not '{levelName}'.");
        }

        var json = false;
        if (Find(configuration, LogArguments.JsonOption, JsonVariable) is var (jsonSetting, jsonValue)
            && !bool.TryParse(jsonValue, out json))
        {
            throw new StartException($"{jsonSetting} must be true or false, not '{jsonValue}'.");
        }

        return new LogSettings(level, json);
    }

    /// <summary>The effective setting; an empty variable counts as unset.</summary>
    private static (string Setting, string Value)? Find(IConfiguration configuration, string option, string variable)
    {
        if (configuration[option.TrimStart('-')] is { } argument)
        {
            return (option, argument);
        }

        return configuration[variable] is { Length: > 0 } value ? (variable, value) : null;
    }
}
