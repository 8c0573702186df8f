using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>A file of users, one <c>name:password</c> per line; empty lines and lines that begin with # are ignored.</summary>
internal static class UserFile
{
    private const long MaxBytes = 1024 * 1024;
    private const UnixFileMode OtherUsersAccess = UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <exception cref="HubStartException">
    /// The file cannot be read, is too large, has no user, or has a line that is not <c>name:password</c>. The message quotes no line.
    /// </exception>
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
                : throw new HubStartException($"Line {number + 1} of the users file {path} is not name:password."));
        }

        return users.Count > 0 ? users : throw new HubStartException(
            $"The users file {path} has no user: write one name:password per line.");
    }

    /// <summary>True when every user of the machine can read or change the file.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OtherUsersAccess) != 0;

    private static string[] Lines(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaxBytes
                ? File.ReadAllLines(path)
                : throw new HubStartException($"The users file {path} is larger than {MaxBytes} bytes.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new HubStartException($"The users file {path} cannot be read: {e.Message}", e);
        }
    }
}
