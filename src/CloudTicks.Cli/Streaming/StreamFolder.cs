using System.Globalization;
using CloudTicks.Foundations;

namespace CloudTicks.Cli.Streaming;

/// <summary>Each stream takes the first free folder, so that a stream that restarts finds what it could not deliver.</summary>
internal static class StreamFolder
{
    private const int Most = 100;

    /// <summary>Held until the process ends: the collector takes its own lock later, and another stream may begin in between.</summary>
    private static FolderLock? _claim;

    public static string Claim(string feed)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Enumerable.Range(1, Most)
            .Select(number => Path.Combine(
                state, "cloudticks",
                number == 1 ? $"stream-{feed}" : string.Create(CultureInfo.InvariantCulture, $"stream-{feed}-{number}")))
            .FirstOrDefault(TryClaim)
                ?? Path.Combine(state, "cloudticks", $"stream-{feed}");
    }

    /// <summary>A folder that cannot be used counts as free: the collector says why.</summary>
    private static bool TryClaim(string folder)
    {
        if (FolderLock.IsHeld(Path.Combine(folder, "lock")))
        {
            return false;
        }

        try
        {
            // Beside the folder, which is the collector's alone.
            Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
            _claim = FolderLock.TryTake($"{folder}.claim");
            return _claim is not null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
