using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>redis-server of this machine's own Debian release, fetched into the user's cache by the first test that needs it; no user's run fetches it.</summary>
internal static class RedisInstallation
{
    /// <summary>The libraries that most machines do not have; all others are part of every system.</summary>
    private static readonly string[] Packages = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

    private static readonly Lazy<Task<string>> Folder = new(FetchAsync);

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

    private static async Task<string> FetchAsync()
    {
        var host = HostSystem.ThisMachine;
        var root = InstallationLayout.For(new InstallationOptions()).Root;
        var folder = Path.Combine(root, $"test-redis-1-{host.CodeName}-{host.DebianArchitecture}");
        Directory.CreateDirectory(root);
        using var taken = await FileLock.TakeAsync($"{folder}.lock", () => { }, TimeProvider.System, CancellationToken.None);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        var made = $"{folder}.making";
        if (Directory.Exists(made))
        {
            Directory.Delete(made, recursive: true);
        }

        var unpacked = Path.Combine(made, "unpacked");
        var fetch = new PackageFetch(host, host.Program("dpkg-deb", "dpkg"), Path.Combine(made, "fetch"), progress: null);
        var apt = await fetch.OpenAsync(AptSources.ForHostRelease(host), CancellationToken.None);
        var resolved = await apt.ResolveAsync(["redis-server"], CancellationToken.None);
        await fetch.FetchAsync(apt, [.. resolved.Where(package => Packages.Contains(package.Name))], unpacked, CancellationToken.None);
        Directory.Move(unpacked, folder);
        Directory.Delete(made, recursive: true);
        return folder;
    }
}
