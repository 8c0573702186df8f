namespace CloudTicks.AppHost.Local.Running;

/// <summary>Keeps a second AppHost out of a data folder; the system lets go of it when this process ends, however it ends.</summary>
internal static class DataFolderLock
{
    public static IDisposable Take(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            throw new LocalRunException($"Another AppHost works in {folder}: stop it, or choose another folder with --data.");
        }
    }
}
