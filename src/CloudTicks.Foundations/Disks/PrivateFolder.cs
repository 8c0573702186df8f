namespace CloudTicks.Foundations.Disks;

/// <summary>Creates data folders with access for their owner only (0700).</summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Creates a folder and its parents, and removes other users' access to an existing folder. A volume that belongs to another user, as
    /// containers mount them, stays unchanged.
    /// </summary>
    /// <returns>True when the folder was accessible to others before this call.</returns>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Creating it is not permitted.</exception>
    public static bool Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return false;
        }

        Directory.CreateDirectory(path, OwnerOnly);
        if ((File.GetUnixFileMode(path) & ~OwnerOnly) == 0)
        {
            return false;
        }

        try
        {
            File.SetUnixFileMode(path, OwnerOnly);
            return true;
        }
        catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }
}
