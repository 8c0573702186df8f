using CloudTicks.Foundations;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>
/// Packages from this machine's Debian release, downloaded into the user's cache by the first test that needs them; the product itself
/// never downloads them.
/// </summary>
/// <param name="name">The folder in the cache, with a version number that changes with the list of packages.</param>
/// <param name="requested">The packages to install.</param>
/// <param name="isNeeded">Selects which of these packages and their dependencies are downloaded; all others are unnecessary.</param>
internal sealed class TestPackages(string name, IReadOnlyList<string> requested, Func<string, bool> isNeeded)
{
    /// <summary>Downloads the packages unless they are in the cache.</summary>
    /// <returns>The folder that holds <c>usr</c>.</returns>
    public async Task<string> FetchAsync()
    {
        var host = HostSystem.ThisMachine;
        var root = InstallationLayout.For(new InstallationOptions()).Root;
        var folder = Path.Combine(root, $"{name}-{host.CodeName}-{host.DebianArchitecture}");
        Directory.CreateDirectory(root);
        using var folderLock = await FolderLock.TakeAsync($"{folder}.lock", () => { }, TimeProvider.System, CancellationToken.None);
        if (Directory.Exists(folder))
        {
            return folder;
        }

        var temporaryFolder = $"{folder}.making";
        if (Directory.Exists(temporaryFolder))
        {
            Directory.Delete(temporaryFolder, recursive: true);
        }

        var unpackedFolder = Path.Combine(temporaryFolder, "unpacked");
        var fetch = new PackageFetch(host, host.Program("dpkg-deb", "dpkg"), Path.Combine(temporaryFolder, "fetch"), progress: null);
        var apt = await fetch.OpenAsync(AptSources.ForHostRelease(host), CancellationToken.None);
        var resolved = await apt.ResolveAsync(requested, CancellationToken.None);
        await fetch.FetchAsync(apt, [.. resolved.Where(package => isNeeded(package.Name))], unpackedFolder, CancellationToken.None);
        Directory.Move(unpackedFolder, folder);
        Directory.Delete(temporaryFolder, recursive: true);
        return folder;
    }
}
