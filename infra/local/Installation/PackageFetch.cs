using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Installation;

/// <summary>Downloads packages of an archive, unpacks them, and reports its progress.</summary>
internal sealed class PackageFetch(HostSystem host, string dpkgDeb, string workFolder, IProgress<InstallationProgress>? progress)
{
    private readonly List<DebianPackage> _fetched = [];

    public HostSystem Host => host;

    /// <summary>All downloaded packages.</summary>
    public IReadOnlyList<DebianPackage> Fetched => _fetched;

    /// <summary>Reads the package lists of an archive.</summary>
    public async Task<AptGet> OpenAsync(PackageArchive archive, CancellationToken cancellationToken)
    {
        progress?.Report(new InstallationProgress(InstallationStep.PackageLists, archive.ToString()));
        return await AptGet.OpenAsync(host, Path.Combine(workFolder, archive.Suite + Path.GetRandomFileName()), archive, cancellationToken);
    }

    /// <summary>Downloads packages and unpacks all of them into one folder.</summary>
    public async Task FetchAsync(AptGet apt, IReadOnlyList<DebianPackage> packages, string folder, CancellationToken cancellationToken)
    {
        await DownloadAsync(apt, packages, cancellationToken);
        _fetched.AddRange(packages);
        var files = Directory.GetFiles(apt.Downloads, "*.deb");
        Array.Sort(files, StringComparer.Ordinal);
        for (var i = 0; i < files.Length; i++)
        {
            await UnpackAsync(files[i], folder, cancellationToken);
            File.Delete(files[i]);
            progress?.Report(new InstallationProgress(InstallationStep.Unpacking, Path.GetFileName(files[i]), i + 1, files.Length));
        }
    }

    private Task DownloadAsync(AptGet apt, IReadOnlyList<DebianPackage> packages, CancellationToken cancellationToken)
    {
        var sizes = packages.ToDictionary(package => package.Name, package => package.Bytes);
        var total = sizes.Values.Sum();
        var number = 0;
        var bytesBefore = 0L;
        return apt.DownloadAsync(packages, name =>
        {
            progress?.Report(new InstallationProgress(InstallationStep.Downloading, name, ++number, packages.Count, bytesBefore, total));
            bytesBefore += sizes.GetValueOrDefault(name);
        }, cancellationToken);
    }

    private async Task UnpackAsync(string file, string folder, CancellationToken cancellationToken)
    {
        var errorOutput = new LogTail();
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = dpkgDeb,
                Arguments = ["-x", file, folder],
                Inherited = ChildVariables.Server,
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
                OnError = errorOutput.Add,
            },
            cancellationToken);
        if (exitCode != 0)
        {
            throw new IOException($"{Path.GetFileName(file)} could not be unpacked: {errorOutput}");
        }
    }
}
