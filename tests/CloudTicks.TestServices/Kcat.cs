using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>kcat of this machine's own Debian release, whether the machine has one or not.</summary>
public static class Kcat
{
    // With all libraries but those of the C compiler, which every system has.
    private static readonly Lazy<Task<string>> Folder = new(() => new TestPackages(
        "test-kcat-1", ["kcat"], package => package is not "libc6" && !package.Contains("gcc", StringComparison.Ordinal)).FetchAsync());

    /// <summary>Runs it to its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="workingFolder">Its working folder.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What it said.</returns>
    public static async Task<(int ExitCode, string Output, string Complaints)> RunAsync(
        string[] arguments, string workingFolder, CancellationToken cancellationToken)
    {
        var folder = await Folder.Value;
        var libraries = Path.Combine(folder, "usr/lib", HostSystem.ThisMachine.LibraryTriplet);
        return await NodeScripts.RunProgramAsync(
            "env", [$"LD_LIBRARY_PATH={libraries}", Path.Combine(folder, "usr/bin/kcat"), .. arguments], workingFolder, cancellationToken);
    }
}
