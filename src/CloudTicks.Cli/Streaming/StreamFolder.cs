using System.Globalization;
using CloudTicks.Foundations;

namespace CloudTicks.Cli.Streaming;

/// <summary>
/// Folders of streams: one collector works in a folder, and several streams may run at once. Each takes the first that is free, so that a
/// stream that is started again finds what it could not deliver.
/// </summary>
internal static class StreamFolder
{
    private const int Most = 100;

    /// <summary>The first free folder in the user's state folder.</summary>
    /// <param name="feed">The feed's name.</param>
    public static string Free(string feed)
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Enumerable.Range(1, Most)
            .Select(number => Path.Combine(
                state, "cloudticks",
                number == 1 ? $"stream-{feed}" : string.Create(CultureInfo.InvariantCulture, $"stream-{feed}-{number}")))
            .FirstOrDefault(folder => !FolderLock.IsHeld(Path.Combine(folder, "lock")))
                ?? Path.Combine(state, "cloudticks", $"stream-{feed}");
    }
}
