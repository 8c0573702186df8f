using System.Globalization;
using CloudTicks.Foundations;

namespace CloudTicks.Cli.Streaming;

/// <summary>Each stream takes the first free folder, so that a stream that restarts finds what it could not deliver.</summary>
internal static class StreamFolder
{
    private const int Most = 100;

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
