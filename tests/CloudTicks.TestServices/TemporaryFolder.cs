namespace CloudTicks.TestServices;

/// <summary>A folder of its own for a test, deleted with what is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cloudticks-test-");

    /// <summary>Makes the folder, open to the user as whom a server runs when the tests run as root.</summary>
    public TemporaryFolder()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
        {
            _folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }
    }

    /// <summary>Its absolute path.</summary>
    public string Path => _folder.FullName;

    /// <summary>The path of something in it.</summary>
    /// <param name="name">Its name.</param>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file into it.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="text">What it holds.</param>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>Deletes the folder; what a process that is ending still writes there is left to the system.</summary>
    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A child that was killed a moment ago made a file meanwhile.
        }
    }
}
