using CloudTicks.LocalServices.Installation;

namespace CloudTicks.LocalServices;

/// <summary>
/// PostgreSQL 17 with TimescaleDB, nats-server, librdkafka and libnats in the user's cache, fetched from Debian's archive
/// without root and without Docker when they are needed for the first time.
/// </summary>
public sealed record LocalInstallation
{
    /// <summary>The folder of it all; it may be deleted at any time, and is then fetched anew.</summary>
    public required string Folder { get; init; }

    /// <summary>Folder of <c>postgres</c>, <c>initdb</c>, <c>psql</c> and the others.</summary>
    public string PostgresFolder => Path.Combine(Folder, InstallationLayout.PostgresFolder);

    /// <summary>The program nats-server.</summary>
    public string NatsServer => Path.Combine(Folder, InstallationLayout.NatsServer);

    /// <summary>librdkafka, for <c>CLOUDTICKS_LIBRDKAFKA</c>.</summary>
    public string Librdkafka => Path.Combine(Folder, InstallationLayout.Librdkafka);

    /// <summary>libnats, for <c>CLOUDTICKS_LIBNATS</c>.</summary>
    public string Libnats => Path.Combine(Folder, InstallationLayout.Libnats);

    /// <summary>
    /// Returns the installation of this user, fetching it first when it is not there (about 50 MB, and 200 MB on disk). Processes
    /// that ask at once fetch it once: the others wait. One that dies half-way leaves nothing that is used later.
    /// </summary>
    /// <param name="progress">Told how far it is, in order, on the calling thread or a pool thread; <see cref="InstallationReport"/> writes lines.</param>
    /// <param name="cancellationToken">Ends it; what was fetched so far is thrown away.</param>
    /// <returns>Where everything is.</returns>
    /// <exception cref="LocalServicesUnavailableException">They cannot be had here; the sentence says what to set instead.</exception>
    public static Task<LocalInstallation> EnsureAsync(IProgress<InstallationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        EnsureAsync(new InstallationOptions(), progress, cancellationToken);

    internal static async Task<LocalInstallation> EnsureAsync(
        InstallationOptions options, IProgress<InstallationProgress>? progress, CancellationToken cancellationToken)
    {
        var layout = InstallationLayout.For(options);
        if (await layout.IsCompleteAsync(cancellationToken))
        {
            return new LocalInstallation { Folder = layout.Folder };
        }

        await new InstallationBuild(options, layout, new ServiceContent(options, layout, progress), progress).RunAsync(cancellationToken);
        return new LocalInstallation { Folder = layout.Folder };
    }
}
