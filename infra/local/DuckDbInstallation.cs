using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Installation;

namespace CloudTicks.LocalServices;

/// <summary>libduckdb, which reads and writes the lake: npm downloads it into the user's cache at first use.</summary>
public static class DuckDbInstallation
{
    /// <summary>Returns the library; downloads it first when it is missing (24 MB, and 70 MB on disk).</summary>
    /// <param name="progress">Receives the steps; <see cref="InstallationReport"/> writes them as lines.</param>
    /// <param name="cancellationToken">Cancels the download and deletes its files.</param>
    /// <returns>The path of libduckdb, for <c>CLOUDTICKS_LIBDUCKDB</c>.</returns>
    /// <exception cref="LocalServicesUnavailableException">The library cannot be downloaded; the message names the setting to use
    /// instead.</exception>
    public static Task<string> EnsureAsync(
        IProgress<InstallationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        EnsureAsync(new InstallationOptions(), progress, cancellationToken);

    /// <summary>Finds the library without downloading it.</summary>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <returns>The path of libduckdb; null if it is not installed.</returns>
    public static async Task<string?> FindAsync(CancellationToken cancellationToken = default)
    {
        var options = new InstallationOptions();
        return DuckDbPackage.For(options.Host.DebianArchitecture) is { } package && LayoutOf(package, options) is var layout
            && await layout.IsCompleteAsync(cancellationToken)
            ? Path.Combine(layout.Folder, DuckDbPackage.Library)
            : null;
    }

    internal static async Task<string> EnsureAsync(
        InstallationOptions options, IProgress<InstallationProgress>? progress, CancellationToken cancellationToken)
    {
        var host = options.Host;
        if (host.Platform != OSPlatform.Linux)
        {
            throw LocalServicesUnavailableException.OfDuckDb($"CloudTicks fetches it only on Linux, not on {host.Platform}");
        }

        var package = DuckDbPackage.For(host.DebianArchitecture)
            ?? throw LocalServicesUnavailableException.OfDuckDb(
                $"CloudTicks fetches it only for amd64 and arm64, not for {host.Architecture}");
        var layout = LayoutOf(package, options);
        if (!await layout.IsCompleteAsync(cancellationToken))
        {
            await new InstallationBuild(options, layout, new DuckDbContent(package, host, progress), progress).RunAsync(cancellationToken);
        }

        return Path.Combine(layout.Folder, DuckDbPackage.Library);
    }

    private static InstallationLayout LayoutOf(DuckDbPackage package, InstallationOptions options) =>
        new(InstallationLayout.RootOf(options), $"libduckdb-{package.Version}-{options.Host.DebianArchitecture}", [DuckDbPackage.Library]);
}
