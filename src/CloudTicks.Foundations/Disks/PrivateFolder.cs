namespace CloudTicks.Foundations.Disks;

/// <summary>Folders that only their owner may enter (0700): data folders, which hold what others must not read or change.</summary>
public static class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes a folder, and those above it that are missing; one that exists and lets others in is closed to them. A volume that belongs to
    /// another user, as containers mount them, stays as it is.
    /// </summary>
    /// <returns>True when it was open to others until now, and is not any more.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made here.</exception>
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
