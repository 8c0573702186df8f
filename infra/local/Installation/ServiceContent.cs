namespace CloudTicks.LocalServices.Installation;

/// <summary>PostgreSQL with TimescaleDB, nats-server, librdkafka and libnats, from Debian's archive.</summary>
internal sealed class ServiceContent(
    InstallationOptions options, InstallationLayout layout, IProgress<InstallationProgress>? progress) : IInstallationContent
{
    public long RequiredBytes => options.RequiredBytes;

    public void RequirePrograms()
    {
        var host = options.Host;
        _ = host.Program("dpkg-deb", "dpkg");
        _ = host.Program("apt-get", "apt");
        if (host.DebianKeyring is null)
        {
            throw Unavailable(
                $"{(host.IsUbuntu ? "Ubuntu does not include" : "this machine lacks")} the keys of Debian's archive "
                    + "('sudo apt-get install debian-archive-keyring')");
        }
    }

    public async Task<IReadOnlyList<string>> FillAsync(string folder, CancellationToken cancellationToken)
    {
        var host = options.Host;
        var fetch = new PackageFetch(host, host.Program("dpkg-deb", "dpkg"), Path.Combine(folder, ".fetch"), progress);
        await new ServerPackages(fetch, folder).FetchAsync(cancellationToken);
        var patchelf = await new ClientPackages(fetch, folder).FetchAsync(cancellationToken);
        progress?.Report(new InstallationProgress(InstallationStep.Preparing, "the programs"));
        await new ServerPrograms(host, patchelf, folder, layout.Folder).PrepareAsync(cancellationToken);
        Directory.Delete(Path.Combine(folder, ".fetch"), recursive: true);
        return [.. fetch.Fetched.Select(package => $"{package.Name} {package.Version}")];
    }

    public LocalServicesUnavailableException Unavailable(string missing, Exception? cause = null) =>
        LocalServicesUnavailableException.ForMissing(missing, cause);
}
