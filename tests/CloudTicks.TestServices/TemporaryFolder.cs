namespace CloudTicks.TestServices;

/// <summary>A folder for one test, deleted with its content.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-test-");

    /// <summary>
    /// Creates the folder. If the tests run as root, servers run as another user; that user may then access the folder's entries.
    /// </summary>
    public TemporaryFolder()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }
    }

    /// <summary>The folder's absolute path.</summary>
    public string Path => _folder.FullName;

    /// <summary>The path of an entry in the folder.</summary>
    /// <param name="name">The entry's name.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes or atomically replaces a file in the folder, so that a program never reads a part of it.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="text">The content.</param>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File($"{name}.new"), text);
        System.IO.File.Move(File($"{name}.new"), File(name), overwrite: true);
        return File(name);
    }

    /// <summary>Deletes the folder; files that an exiting process still writes are left behind.</summary>
    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child process that was just killed created a file during the deletion.
        }
    }
}
