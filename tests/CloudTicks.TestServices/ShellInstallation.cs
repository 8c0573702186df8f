using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>zsh and fish from this machine's Debian release.</summary>
public static class ShellInstallation
{
    private static readonly string[] Packages = ["zsh", "zsh-common", "fish", "fish-common", "libpcre2-32-0"];

    private static readonly Lazy<Task<string>> Folder = new(
        () => new TestPackages("test-shells-1", ["zsh", "fish"], Packages.Contains).FetchAsync());

    /// <summary>A shell's program, and the environment variables with which it finds its libraries.</summary>
    public static async Task<(string Program, IReadOnlyDictionary<string, string> Environment)> FindAsync(string shell)
    {
        var usr = Path.Combine(await Folder.Value, "usr");
        var libraryFolder = Path.Combine(usr, "lib", HostSystem.ThisMachine.LibraryTriplet);
        return (File.Exists(Path.Combine(usr, "bin", shell)) ? Path.Combine(usr, "bin", shell) : Path.Combine(usr, "..", "bin", shell),
            new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = libraryFolder });
    }
}
