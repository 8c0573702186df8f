using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>kcat from this machine's Debian release, whether or not it is installed.</summary>
public static class Kcat
{
    // The folder with kcat and all its libraries except libc and libgcc, which every system has.
    private static readonly Lazy<Task<string>> Folder = new(() => new TestPackages(
        "test-kcat-1", ["kcat"], package => package is not "libc6" && !package.Contains("gcc", StringComparison.Ordinal)).FetchAsync());

    // The seconds that kcat waits for metadata; its default of 5 is too short on a loaded machine.
    private const string MetadataTimeout = "-m60";

    /// <summary>Runs kcat until it exits.</summary>
    /// <param name="arguments">The command line arguments.</param>
    /// <param name="workingFolder">The working folder.</param>
    /// <param name="cancellationToken">Kills kcat.</param>
    /// <returns>Exit code and output.</returns>
    public static async Task<(int ExitCode, string Output, string ErrorOutput)> RunAsync(
        string[] arguments, string workingFolder, CancellationToken cancellationToken)
    {
        var folder = await Folder.Value;
        var libraries = Path.Combine(folder, "usr/lib", HostSystem.ThisMachine.LibraryTriplet);
        return await NodeScripts.RunProgramAsync(
            "env", [$"LD_LIBRARY_PATH={libraries}", Path.Combine(folder, "usr/bin/kcat"), MetadataTimeout, .. arguments], workingFolder,
            cancellationToken);
    }
}
