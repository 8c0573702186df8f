using System.Globalization;
using CloudTicks.Foundations;

namespace CloudTicks.Cli.Streaming;

/// <summary>Claims the first free folder for a stream, so that a restarted stream finds its spool.</summary>
internal static class StreamFolder
{
    private const int MaxFolders = 100;

    /// <summary>The lock is held until the process ends: another stream may start before the collector acquires its own lock.</summary>
    private static FolderLock? _claim;

    public static string Claim(string feed)
    {
        var stateFolder = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Enumerable.Range(1, MaxFolders)
            .Select(number => Path.Combine(
                stateFolder, "cloudticks",
                number == 1 ? $"stream-{feed}" : string.Create(CultureInfo.InvariantCulture, $"stream-{feed}-{number}")))
            .FirstOrDefault(TryClaim)
                ?? Path.Combine(stateFolder, "cloudticks", $"stream-{feed}");
    }

    /// <summary>A folder that cannot be used counts as free: the collector reports the reason.</summary>
    private static bool TryClaim(string folder)
    {
        if (FolderLock.IsHeld(Path.Combine(folder, "lock")))
        {
            return false;
        }

        try
        {
            // The lock file is next to the folder, because the folder belongs to the collector.
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
