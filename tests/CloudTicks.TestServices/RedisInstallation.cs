using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>redis-server from this machine's Debian release.</summary>
internal static class RedisInstallation
{
    /// <summary>The programs, and those of their libraries that most machines lack.</summary>
    private static readonly string[] Packages = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

    private static readonly Lazy<Task<string>> Folder = new(
        () => new TestPackages("test-redis-1", ["redis-server"], Packages.Contains).FetchAsync());

    /// <summary>The command line that starts redis-server.</summary>
    public static async Task<ChildProcessOptions> OptionsAsync(IReadOnlyList<string> arguments)
    {
        var folder = await Folder.Value;
        return new ChildProcessOptions
        {
            // Debian installs redis-server as a link to another program, whose behaviour depends on the name by which it is started.
            FileName = Path.Combine(folder, "usr/bin/redis-server"),
            Arguments = arguments,
            Environment = new Dictionary<string, string?>
            {
                ["LD_LIBRARY_PATH"] = Path.Combine(folder, "usr/lib", HostSystem.ThisMachine.LibraryTriplet),
            },
        };
    }
}
