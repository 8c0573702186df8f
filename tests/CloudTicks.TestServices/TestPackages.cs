using CloudTicks.Foundations;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>
/// Packages of this machine's own Debian release, fetched into the user's cache by the first test that needs them; no user's run fetches
/// any.
/// </summary>
/// <param name="name">The folder's name in the cache, with the number of the recipe.</param>
/// <param name="wanted">What is installed.</param>
/// <param name="isNeeded">Which of these and of what they depend on is fetched: the rest is part of every system.</param>
internal sealed class TestPackages(string name, IReadOnlyList<string> wanted, Func<string, bool> isNeeded)
{
    /// <summary>Fetches them, unless they are there.</summary>
    /// <returns>The folder that holds <c>usr</c>.</returns>
    public async Task<string> FetchAsync()
    {
        var host = HostSystem.ThisMachine;
        var root = InstallationLayout.For(new InstallationOptions()).Root;
        var folder = Path.Combine(root, $"{name}-{host.CodeName}-{host.DebianArchitecture}");
        Directory.CreateDirectory(root);
        using var taken = await FolderLock.TakeAsync($"{folder}.lock", () => { }, TimeProvider.System, CancellationToken.None);
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
        var resolved = await apt.ResolveAsync(wanted, CancellationToken.None);
        await fetch.FetchAsync(apt, [.. resolved.Where(package => isNeeded(package.Name))], unpacked, CancellationToken.None);
        Directory.Move(unpacked, folder);
        Directory.Delete(made, recursive: true);
        return folder;
    }
}
