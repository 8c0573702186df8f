namespace CloudTicks.Foundations.Disks;

/// <summary>Creates data folders with access for their owner only (0700).</summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Creates a folder and its parents, and removes other users' access to an existing folder. A folder that belongs to another user, such
    /// as a volume mounted in a container, stays unchanged.
    /// </summary>
    /// <returns>True when other users had access to the folder and this call removed it.</returns>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not create the folder.</exception>
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
