using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Installation;

/// <summary>
/// librdkafka, libnats and patchelf, from the host's own release because the libraries are loaded with the host's C library. Libraries that
/// they need and the host lacks are copied next to them.
/// </summary>
internal sealed class ClientPackages(PackageFetch fetch, string folder)
{
    // libnats has its version in its package name: libnats3.4 in Debian 12, libnats3.10 in Debian 13.
    private static readonly string[] RequestedPackages = ["librdkafka1", "^libnats3\\.[0-9]+$", "patchelf"];
    private static readonly string[] DirectNames = ["librdkafka1", "libnats3.", "libprotobuf-c1", "patchelf"];

    private readonly string _clientFolder = Path.Combine(folder, "client");

    /// <returns>The path of patchelf.</returns>
    public async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        var unpackedFolder = Path.Combine(folder, ".fetch", "client");
        var apt = await fetch.OpenAsync(AptSources.ForHostRelease(fetch.Host), cancellationToken);
        var resolved = await apt.ResolveAsync(RequestedPackages, cancellationToken);
        await fetch.FetchAsync(apt, [.. resolved.Where(IsDirect)], unpackedFolder, cancellationToken);

        var libraryFolder = Path.Combine(unpackedFolder, "usr/lib", fetch.Host.LibraryTriplet);
        var patchelf = Path.Combine(unpackedFolder, "usr/bin/patchelf");
        Directory.CreateDirectory(_clientFolder);
        Copy(libraryFolder, "librdkafka.so.1", "librdkafka.so");
        Copy(libraryFolder, "libnats.so.3.*", "libnats.so");
        Copy(libraryFolder, "libprotobuf-c.so.1", "libprotobuf-c.so.1");
        foreach (var library in (string[])["librdkafka.so", "libnats.so"])
        {
            await RunAsync(patchelf, ["--set-rpath", "$ORIGIN", Path.Combine(_clientFolder, library)], null, cancellationToken);
        }

        await FetchMissingAsync(apt, [.. resolved.Where(package => !IsDirect(package))], unpackedFolder, libraryFolder, cancellationToken);
        return patchelf;
    }

    private static bool IsDirect(DebianPackage package) => DirectNames.Any(name => package.Name.StartsWith(name, StringComparison.Ordinal));

    /// <summary>Downloads the libraries that the host's loader does not find; most machines have all of them.</summary>
    private async Task FetchMissingAsync(
        AptGet apt, IReadOnlyList<DebianPackage> others, string unpackedFolder, string libraryFolder, CancellationToken cancellationToken)
    {
        var missing = await FindMissingLibrariesAsync(cancellationToken);
        if (missing.Count > 0)
        {
            await fetch.FetchAsync(apt, others, unpackedFolder, cancellationToken);
        }

        // A copied library may itself need another.
        for (; missing.Count > 0; missing = await FindMissingLibrariesAsync(cancellationToken))
        {
            foreach (var name in missing)
            {
                Copy(libraryFolder, name, name);
                await RunAsync(
                    Path.Combine(unpackedFolder, "usr/bin/patchelf"), ["--set-rpath", "$ORIGIN", Path.Combine(_clientFolder, name)], null,
                    cancellationToken);
            }
        }
    }

    private async Task<IReadOnlyList<string>> FindMissingLibrariesAsync(CancellationToken cancellationToken)
    {
        var missing = new HashSet<string>();
        foreach (var library in Directory.GetFiles(_clientFolder))
        {
            await RunAsync("ldd", [library], line =>
            {
                if (line.Trim().Split(' ') is [var name, "=>", "not", "found", ..])
                {
                    missing.Add(name);
                }
            }, cancellationToken);
        }

        return [.. missing];
    }

    private void Copy(string libraryFolder, string pattern, string name)
    {
        var found = Directory.Exists(libraryFolder) ? Directory.GetFiles(libraryFolder, pattern).FirstOrDefault() : null;
        if (found is null)
        {
            throw new IOException($"the packages do not contain {pattern}");
        }

        File.Copy(found, Path.Combine(_clientFolder, name));
    }

    private static async Task RunAsync(string program, string[] arguments, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var errors = new LogTail();
        var exitCode = await ChildProcess.RunAsync(
            new ChildProcessOptions
            {
                FileName = program,
                Arguments = arguments,
                Inherited = ChildVariables.Server,
                Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C" },
                OnOutput = onLine,
                OnError = errors.Add,
            },
            cancellationToken);
        if (exitCode != 0)
        {
            throw new IOException($"{Path.GetFileName(program)} failed on {Path.GetFileName(arguments[^1])}: {errors}");
        }
    }
}
