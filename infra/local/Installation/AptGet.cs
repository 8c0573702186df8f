using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Installation;

/// <summary>
/// Runs the host's apt-get on one archive, with private folders for everything it writes: it needs no root, does not change the host's
/// packages, uses the host's proxies and verifies the archive's signature.
/// </summary>
internal sealed class AptGet
{
    private readonly string _apt;
    private readonly string _folder;
    private readonly PackageArchive _archive;

    private AptGet(string apt, string folder, PackageArchive archive)
    {
        _apt = apt;
        _folder = folder;
        _archive = archive;
    }

    /// <summary>The folder of the downloaded packages.</summary>
    public string Downloads => Path.Combine(_folder, "downloads");

    private string ConfigurationFile => Path.Combine(_folder, "apt.conf");

    /// <summary>Creates the private folders and reads the archive's package lists.</summary>
    public static async Task<AptGet> OpenAsync(HostSystem host, string folder, PackageArchive archive, CancellationToken cancellationToken)
    {
        var apt = new AptGet(host.Program("apt-get", "apt"), folder, archive);
        foreach (var subfolder in (string[])["lists/partial", "cache/archives/partial", "state", "preferences.d", "downloads"])
        {
            Directory.CreateDirectory(Path.Combine(folder, subfolder));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "status"), "", cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "sources.list"), archive.SourcesLine(host.DebianArchitecture!) + "\n", cancellationToken);
        await File.WriteAllTextAsync(apt.ConfigurationFile, ConfigurationText(folder), cancellationToken);
        await apt.RunAsync(["update"], null, cancellationToken);
        return apt;
    }

    /// <summary>The packages that an installation on an empty system would download.</summary>
    public async Task<IReadOnlyList<DebianPackage>> ResolveAsync(IEnumerable<string> packages, CancellationToken cancellationToken)
    {
        var resolved = new List<DebianPackage>();
        await RunAsync(["-y", "--print-uris", "install", .. packages], line =>
        {
            if (DebianPackage.Parse(line) is { } package)
            {
                resolved.Add(package);
            }
        }, cancellationToken);
        return resolved;
    }

    /// <summary>Downloads packages into <see cref="Downloads"/>.</summary>
    /// <param name="packages">The packages.</param>
    /// <param name="started">Receives the name of each package when its download starts.</param>
    /// <param name="cancellationToken">Cancels the download.</param>
    public Task DownloadAsync(IEnumerable<DebianPackage> packages, Action<string> started, CancellationToken cancellationToken) =>
        RunAsync(["download", .. packages.Select(package => $"{package.Name}={package.Version}")], line =>
        {
            // Example: Get:12 http://mirror/debian trixie/main amd64 libpq5 amd64 17.11-0+deb13u1 [237 kB]
            if (line.StartsWith("Get:", StringComparison.Ordinal) && line.Split(' ') is [_, _, _, _, var name, ..])
            {
                started(name);
            }
        }, cancellationToken);

    private async Task RunAsync(IEnumerable<string> arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var errorOutput = new LogTail();
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = _apt,
                Arguments = ["-c", ConfigurationFile, .. arguments],
                WorkingFolder = Downloads,
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C", ["DEBIAN_FRONTEND"] = "noninteractive" },
                Inherited = [.. ChildVariables.Server, .. ChildVariables.Proxies],
                OnOutput = onLine,
                OnError = errorOutput.Add,
            },
            cancellationToken);
        if (exitCode != 0)
        {
            throw AptFailure.ToException(_archive, exitCode, errorOutput.Lines());
        }
    }

    // '#clear' removes settings of the host: its hooks, which clean its own cache, and the indexes and icons of app stores.
    private static string ConfigurationText(string folder) => $"""
        Dir::Etc::sourcelist "{folder}/sources.list";
        Dir::Etc::sourceparts "-";
        Dir::Etc::preferences "/dev/null";
        Dir::Etc::preferencesparts "{folder}/preferences.d";
        Dir::State "{folder}/state";
        Dir::State::lists "{folder}/lists";
        Dir::State::status "{folder}/status";
        Dir::Cache "{folder}/cache";
        APT::Install-Recommends "false";
        APT::Sandbox::User "";
        APT::Update::Error-Mode "any";
        Acquire::Languages "none";
        Acquire::Retries "2";
        Acquire::http::Timeout "20";
        Acquire::https::Timeout "20";
        Debug::NoLocking "1";
        #clear APT::Update::Pre-Invoke;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear DPkg::Post-Invoke;
        #clear Acquire::IndexTargets::deb::DEP-11;
        #clear Acquire::IndexTargets::deb::DEP-11-icons-small;
        #clear Acquire::IndexTargets::deb::DEP-11-icons;
        #clear Acquire::IndexTargets::deb::DEP-11-icons-large;

        """;
}
