using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>redis-server of this machine's own Debian release.</summary>
internal static class RedisInstallation
{
    /// <summary>The libraries that most machines do not have; all others are part of every system.</summary>
    private static readonly string[] Packages = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

    private static readonly Lazy<Task<string>> Folder = new(
        () => new TestPackages("test-redis-1", ["redis-server"], Packages.Contains).FetchAsync());

    /// <summary>Options to start it with.</summary>
    public static async Task<ChildProcessOptions> OptionsAsync(IReadOnlyList<string> arguments)
    {
        var folder = await Folder.Value;
        return new ChildProcessOptions
        {
            // Where Debian makes it a link to another name, the name still decides what it does.
            FileName = Path.Combine(folder, "usr/bin/redis-server"),
            Arguments = arguments,
            Environment = new Dictionary<string, string?>
            {
                ["LD_LIBRARY_PATH"] = Path.Combine(folder, "usr/lib", HostSystem.ThisMachine.LibraryTriplet),
            },
        };
    }
}
