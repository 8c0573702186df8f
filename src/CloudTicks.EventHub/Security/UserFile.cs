using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>A file of users, one <c>name:password</c> a line; empty lines and lines that begin with # are left out.</summary>
internal static class UserFile
{
    private const long MostBytes = 1024 * 1024;
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="HubStartException">It cannot be read, or a line is no user; the sentence holds nothing of the line.</exception>
    public static IReadOnlyList<UserOptions> Read(string path)
    {
        var users = new List<UserOptions>();
        foreach (var (number, line) in Lines(path).Index())
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            users.Add(colon > 0 && colon < line.Length - 1
                ? new UserOptions { Name = line[..colon], Password = line[(colon + 1)..] }
                : throw new HubStartException($"Line {number + 1} of the file of users {path} is not of the form name:password."));
        }

        return users.Count > 0 ? users : throw new HubStartException(
            $"The file of users {path} has no user: write one name:password a line.");
    }

    /// <summary>True when any user of the machine can read or change it.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != 0;

    private static string[] Lines(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MostBytes
                ? File.ReadAllLines(path)
                : throw new HubStartException($"The file of users {path} is larger than {MostBytes} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new HubStartException($"The file of users {path} cannot be read: {e.Message}", e);
        }
    }
}
