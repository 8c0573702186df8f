namespace CloudTicks.LocalServices.Installation;

/// <summary>
/// The local services or libduckdb cannot be fetched on this machine. The message is one sentence: what is missing, and which variables to
/// set instead. docs/local-services.md has the details for each system.
/// </summary>
public sealed class LocalServicesUnavailableException : Exception
{
    private const string Settings =
        "set ConnectionStrings__timescale, ConnectionStrings__nats, CLOUDTICKS_LIBRDKAFKA and CLOUDTICKS_LIBNATS to your "
            + "own servers and libraries";

    private const string Guide = "(docs/local-services.md)";

    private LocalServicesUnavailableException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal static LocalServicesUnavailableException ForMissing(string missing, Exception? cause = null) =>
        new($"The local services cannot be fetched because {missing}: fix that, or {Settings} instead {Guide}.", cause);

    internal static LocalServicesUnavailableException OfDuckDb(string missing, Exception? cause = null) =>
        new($"libduckdb, which reads and writes the lake, cannot be fetched because {missing}: fix that, or set CLOUDTICKS_LIBDUCKDB "
            + $"to the path of a libduckdb {DuckDbPackage.Release} of your own {Guide}.", cause);

    internal static LocalServicesUnavailableException OnMacOS() =>
        new("The local services cannot be fetched on macOS, which has no Debian packages: run TimescaleDB and NATS yourself, "
            + $"run 'brew install librdkafka cnats', and {Settings}, or use Docker with CloudPackages=true {Guide}.");

    internal static LocalServicesUnavailableException OnWindows() =>
        new("The local services cannot be fetched on Windows, which has no Debian packages: use Docker with CloudPackages=true, "
            + $"or run CloudTicks inside WSL with Debian, or {Settings} {Guide}.");

    internal static LocalServicesUnavailableException OnOtherLinux(string name) =>
        new($"The local services cannot be fetched on {name}, because their packages are those of Debian and Ubuntu: {Settings}, "
            + $"or use Docker with CloudPackages=true {Guide}.");
}
