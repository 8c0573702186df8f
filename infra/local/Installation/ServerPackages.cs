namespace CloudTicks.LocalServices.Installation;

/// <summary>
/// PostgreSQL with TimescaleDB, and nats-server, from the Debian release that has them. All libraries that they need are also downloaded,
/// including the C library, because the host's libraries may be older.
/// </summary>
internal sealed class ServerPackages(PackageFetch fetch, string folder)
{
    private const string Suite = "trixie";

    private static readonly string[] RequestedPackages = ["postgresql-17-timescaledb", "nats-server"];
    private static readonly string[] Programs =
        ["postgresql-17", "postgresql-client-17", "postgresql-17-timescaledb", "nats-server", "zlib1g"];

    // Packages that are needed only by install scripts, which never run here, or by the JIT, which is off (35 MB).
    private static readonly string[] UnneededPackages =
    [
        "libllvm", "libz3-", "libperl", "libdebconf", "libsemanage", "libgdbm", "libpam-modules", "libproc2", "libjson", "libio-", "libipc",
        "libtext-",
    ];

    private static readonly string[] UnusedFolders = ["usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/lintian"];

    public async Task FetchAsync(CancellationToken cancellationToken)
    {
        var apt = await fetch.OpenAsync(AptSources.ForServers(fetch.Host, Suite), cancellationToken);
        var resolved = await apt.ResolveAsync(RequestedPackages, cancellationToken);
        await fetch.FetchAsync(apt, [.. resolved.Where(package => IsNeeded(package.Name))], folder, cancellationToken);
        foreach (var path in UnusedFolders.Select(path => Path.Combine(folder, path)).Where(Directory.Exists))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static bool IsNeeded(string package) =>
        Programs.Contains(package)
        || (package.StartsWith("lib", StringComparison.Ordinal)
            && !UnneededPackages.Any(name => package.StartsWith(name, StringComparison.Ordinal)));
}
