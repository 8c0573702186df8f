using CloudTicks.AppHost.Local.Lines;

namespace CloudTicks.AppHost.Launch;

/// <summary>The launcher's lines look as those of AppHost do, and go where they go. AppHost itself checks the command line.</summary>
internal static class LaunchLines
{
    public static RunLines Open(string[] args) => new(
        args.Contains("--json") ? Console.Error : Console.Out,
        LineLevels.TryParse(LevelOf(args), out var level) ? level : LineLevel.Info,
        args.Contains("--log-json") || LineDefaults.Json,
        TimeProvider.System);

    public static bool AsksForHelp(string[] args) => args.Any(argument => argument is "--help" or "-h" or "-?" or "/?" or "--version");

    private static string LevelOf(string[] args) =>
        Array.IndexOf(args, "--log-level") is >= 0 and var option && option + 1 < args.Length
            ? args[option + 1]
            : LineDefaults.Level;
}
