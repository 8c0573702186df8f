using CloudTicks.AppHost.Local.Lines;

namespace CloudTicks.AppHost.Launch;

/// <summary>Writes the launcher's lines in AppHost's format and to AppHost's output. AppHost itself validates the command line.</summary>
internal static class LaunchLines
{
    public static RunLines Open(string[] args) => new(
        args.Contains("--json") || args.Contains("--print-manifest") ? Console.Error : Console.Out,
        LineLevels.TryParse(LevelOf(args), out var level) ? level : LineLevel.Info,
        args.Contains("--log-json") || LineDefaults.Json,
        TimeProvider.System);

    /// <summary>Whether AppHost will only print something and start nothing, so that no server is needed.</summary>
    public static bool OnlyPrints(string[] args) =>
        args.Any(argument => argument is "--help" or "-h" or "-?" or "/?" or "--version" or "--print-manifest");

    private static string LevelOf(string[] args) =>
        Array.IndexOf(args, "--log-level") is >= 0 and var option && option + 1 < args.Length
            ? args[option + 1]
            : LineDefaults.Level;
}
