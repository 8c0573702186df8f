using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Installation;

/// <summary>libduckdb, downloaded with this machine's npm from its configured registry, and verified against a pinned hash.</summary>
internal sealed class DuckDbContent(DuckDbPackage package, HostSystem host, IProgress<InstallationProgress>? progress)
    : IInstallationContent
{
    private const string PathInPackage = "package/" + DuckDbPackage.Library;

    public long RequiredBytes => 200_000_000;

    public void RequirePrograms() => _ = Npm();

    public async Task<IReadOnlyList<string>> FillAsync(string folder, CancellationToken cancellationToken)
    {
        progress?.Report(new InstallationProgress(InstallationStep.Downloading, package.Name, 1, 1));
        var fetchFolder = Directory.CreateDirectory(Path.Combine(folder, ".fetch"));
        await PackAsync(fetchFolder.FullName, cancellationToken);
        var file = fetchFolder.GetFiles("*.tgz") is [var only] ? only.FullName : throw Unavailable("npm downloaded no package");
        await RequireIntegrityAsync(file, cancellationToken);
        await UnpackAsync(file, Path.Combine(folder, DuckDbPackage.Library), cancellationToken);
        fetchFolder.Delete(recursive: true);
        return [$"{package.Name} {package.Version}"];
    }

    public LocalServicesUnavailableException Unavailable(string missing, Exception? cause = null) =>
        LocalServicesUnavailableException.OfDuckDb(missing, cause);

    private string Npm() =>
        ProgramPath.Find("npm", host.SearchPath) ?? throw Unavailable("npm (package npm, or nodejs.org) is not installed");

    private async Task PackAsync(string folder, CancellationToken cancellationToken)
    {
        var errors = new LogTail();
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = Npm(),
                Arguments = ["pack", $"{package.Name}@{package.Version}", "--ignore-scripts", "--silent", "--loglevel=error"],
                WorkingFolder = folder,
                Inherited = [.. ChildVariables.Server, .. ChildVariables.Proxies, "npm_config_*", "NODE_EXTRA_CA_CERTS"],
                OnError = errors.Add,
            },
            cancellationToken);
        if (exitCode != 0)
        {
            throw Unavailable($"npm could not download {package.Name} {package.Version} ({errors})");
        }
    }

    private async Task RequireIntegrityAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        var hash = Convert.ToBase64String(await SHA512.HashDataAsync(stream, cancellationToken));
        if (hash != package.Integrity)
        {
            throw Unavailable($"{package.Name} {package.Version} has the hash sha512-{hash} instead of sha512-{package.Integrity}");
        }
    }

    private async Task UnpackAsync(string file, string library, CancellationToken cancellationToken)
    {
        progress?.Report(new InstallationProgress(InstallationStep.Unpacking, package.Name, 1, 1));
        await using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        await using var archive = new TarReader(stream);
        while (await archive.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (entry.Name == PathInPackage)
            {
                await entry.ExtractToFileAsync(library, overwrite: false, cancellationToken);
                return;
            }
        }

        throw Unavailable($"{package.Name} {package.Version} does not contain {DuckDbPackage.Library}");
    }
}
