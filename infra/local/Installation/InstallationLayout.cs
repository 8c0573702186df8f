namespace CloudTicks.LocalServices.Installation;

/// <summary>Where things are in the cache. The folder's name says by which recipe and for which release and architecture it was made.</summary>
/// <param name="Root">The cache folder of CloudTicks.</param>
/// <param name="Name">Name of the installation's folder.</param>
/// <param name="Needed">The files without which it is not complete.</param>
internal sealed record InstallationLayout(string Root, string Name, IReadOnlyList<string> Needed)
{
    /// <summary>Counted up whenever the recipe fetches something else or lays it out differently.</summary>
    private const int Recipe = 1;

    public const string PostgresFolder = "usr/lib/postgresql/17/bin";
    public const string NatsServer = "usr/sbin/nats-server";
    public const string Librdkafka = "client/librdkafka.so";
    public const string Libnats = "client/libnats.so";

    /// <summary>Written last; holds the folder's own path, because the programs carry it in them and do not run from another place.</summary>
    private const string Manifest = "installed-in";

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
            ?? throw LocalServicesUnavailableException.Because($"their packages are fetched for amd64 and arm64, not for {host.Architecture}");
        return new InstallationLayout(RootOf(options), $"local-services-{Recipe}-{host.CodeName}-{architecture}", Services);
    }

    /// <summary>The folder of all installations.</summary>
    public static string RootOf(InstallationOptions options) =>
        Path.Combine(Path.GetFullPath(options.CacheFolder ?? UserCache()), "cloudticks");

    /// <summary>A new name for a folder that is being built or thrown away.</summary>
    public string NewTemporaryFolder() => Path.Combine(Root, $".{Name}.{Path.GetRandomFileName()}.tmp");

    /// <summary>The folders that dead processes left.</summary>
    public IEnumerable<string> TemporaryFolders() => Directory.EnumerateDirectories(Root, $".{Name}.*.tmp");

    /// <summary>The one check of every later start.</summary>
    public async Task<bool> IsCompleteAsync(CancellationToken cancellationToken)
    {
        var manifest = Path.Combine(Folder, Manifest);
        return File.Exists(manifest)
            && await File.ReadAllTextAsync(manifest, cancellationToken) == Folder
            && Needed.All(file => File.Exists(Path.Combine(Folder, file)));
    }

    /// <summary>Writes what is in it, for people, and that it is whole.</summary>
    /// <param name="temporaryFolder">Where it was built.</param>
    /// <param name="packages">Names and versions of what is in it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteManifestAsync(string temporaryFolder, IEnumerable<string> packages, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(Path.Combine(temporaryFolder, "packages"), packages.Order(StringComparer.Ordinal), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(temporaryFolder, Manifest), Folder, cancellationToken);
    }

    private static string UserCache()
    {
        // The XDG base directory specification: a relative path is to be ignored.
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] cache)
        {
            return cache;
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return home.Length > 0
            ? Path.Combine(home, ".cache")
            : throw LocalServicesUnavailableException.Because("this user has no home folder to keep them in (set XDG_CACHE_HOME)");
    }
}
