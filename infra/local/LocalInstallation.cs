using CloudTicks.LocalServices.Installation;

namespace CloudTicks.LocalServices;

/// <summary>
/// PostgreSQL 17 with TimescaleDB, nats-server, librdkafka and libnats in the user's cache. They are downloaded from Debian's archive at
/// first use, without root and without Docker.
/// </summary>
public sealed record LocalInstallation
{
    /// <summary>The folder of the installation. It may be deleted at any time and is then downloaded again.</summary>
    public required string Folder { get; init; }

    /// <summary>The folder of <c>postgres</c>, <c>initdb</c>, <c>psql</c> and the other programs of PostgreSQL.</summary>
    public string PostgresFolder => Path.Combine(Folder, InstallationLayout.PostgresFolder);

    /// <summary>The path of the nats-server executable.</summary>
    public string NatsServer => Path.Combine(Folder, InstallationLayout.NatsServer);

    /// <summary>librdkafka, for <c>CLOUDTICKS_LIBRDKAFKA</c>.</summary>
    public string Librdkafka => Path.Combine(Folder, InstallationLayout.Librdkafka);

    /// <summary>libnats, for <c>CLOUDTICKS_LIBNATS</c>.</summary>
    public string Libnats => Path.Combine(Folder, InstallationLayout.Libnats);

    /// <summary>
    /// Returns the installation of this user; downloads it first when it is missing (about 50 MB, and 200 MB on disk). When several
    /// processes start at the same time, one downloads and the others wait. An interrupted download leaves nothing that is used later.
    /// </summary>
    /// <param name="progress">Receives the steps in order, on the calling thread or a pool thread; <see cref="InstallationReport"/> writes
    /// lines.</param>
    /// <param name="cancellationToken">Cancels the download and deletes its files.</param>
    /// <returns>The paths of the programs and libraries.</returns>
    /// <exception cref="LocalServicesUnavailableException">The installation is not possible here; the message names the settings to use
    /// instead.</exception>
    public static Task<LocalInstallation> EnsureAsync(
        IProgress<InstallationProgress>? progress = null, CancellationToken cancellationToken = default) =>
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
