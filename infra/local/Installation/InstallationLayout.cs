namespace CloudTicks.LocalServices.Installation;

/// <summary>The paths of one installation in the cache.</summary>
/// <param name="Root">The cache folder of CloudTicks.</param>
/// <param name="Name">Name of the installation's folder, which differs for each version and architecture.</param>
/// <param name="RequiredFiles">The files that a complete installation has.</param>
internal sealed record InstallationLayout(string Root, string Name, IReadOnlyList<string> RequiredFiles)
{
    /// <summary>The number of the recipe. Increment it when the recipe downloads other packages or changes their layout.</summary>
    private const int RecipeNumber = 1;

    public const string PostgresFolder = "usr/lib/postgresql/17/bin";
    public const string NatsServer = "usr/sbin/nats-server";
    public const string Librdkafka = "client/librdkafka.so";
    public const string Libnats = "client/libnats.so";

    /// <summary>The file that is written last. It contains the folder's path, because the programs cannot run in another folder.</summary>
    private const string ManifestFile = "installed-in";

    private static readonly string[] Services = [PostgresFolder + "/postgres", PostgresFolder + "/initdb", NatsServer, Librdkafka, Libnats];

    public string Folder => Path.Combine(Root, Name);

    public string LockFile => Path.Combine(Root, $".{Name}.lock");

    public static InstallationLayout For(InstallationOptions options)
    {
        var host = options.Host;
        if (host.Platform == System.Runtime.InteropServices.OSPlatform.OSX)
        {
            throw LocalServicesUnavailableException.OnMacOS();
        }

        if (host.Platform == System.Runtime.InteropServices.OSPlatform.Windows)
        {
            throw LocalServicesUnavailableException.OnWindows();
        }

        if (!host.IsDebianOrUbuntu)
        {
            throw LocalServicesUnavailableException.OnOtherLinux(host.Name);
        }

        var architecture = host.DebianArchitecture
            ?? throw LocalServicesUnavailableException.ForMissing(
                $"CloudTicks fetches their packages only for amd64 and arm64, not for {host.Architecture}");
        return new InstallationLayout(RootOf(options), $"local-services-{RecipeNumber}-{host.CodeName}-{architecture}", Services);
    }

    /// <summary>The folder of all installations.</summary>
    public static string RootOf(InstallationOptions options) =>
        Path.Combine(Path.GetFullPath(options.CacheFolder ?? UserCache()), "cloudticks");

    /// <summary>A new name for a folder that is being built or deleted.</summary>
    public string NewTemporaryFolder() => Path.Combine(Root, $".{Name}.{Path.GetRandomFileName()}.tmp");

    /// <summary>The folders of interrupted builds and deletions.</summary>
    public IEnumerable<string> TemporaryFolders() => Directory.EnumerateDirectories(Root, $".{Name}.*.tmp");

    /// <summary>Whether the installation is complete; every later start checks only this.</summary>
    public async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
    {
        var manifest = Path.Combine(Folder, ManifestFile);
        return File.Exists(manifest)
            && await File.ReadAllTextAsync(manifest, cancellationToken) == Folder
            && RequiredFiles.All(file => File.Exists(Path.Combine(Folder, file)));
    }

    /// <summary>Writes a readable package list, then the manifest, which marks the installation as complete.</summary>
    /// <param name="temporaryFolder">The folder of the build.</param>
    /// <param name="packages">Names and versions of the packages.</param>
    /// <param name="cancellationToken">Cancels the writes.</param>
    public async Task WriteManifestAsync(string temporaryFolder, IEnumerable<string> packages, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(Path.Combine(temporaryFolder, "packages"), packages.Order(StringComparer.Ordinal), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(temporaryFolder, ManifestFile), Folder, cancellationToken);
    }

    private static string UserCache()
    {
        // The XDG base directory specification: programs ignore a relative path.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] cache)
        {
            return cache;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".cache")
            : throw LocalServicesUnavailableException.ForMissing("this user has no home folder to keep them in (set XDG_CACHE_HOME)");
    }
}
