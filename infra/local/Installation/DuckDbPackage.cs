namespace CloudTicks.LocalServices.Installation;

/// <summary>The npm package of libduckdb for one architecture.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Integrity">SHA-512 of its file in base 64, in npm's format.</param>
internal sealed record DuckDbPackage(string Name, string Version, string Integrity)
{
    /// <summary>The release of DuckDB; its C API stays compatible within a release.</summary>
    public const string Release = "1.5";

    /// <summary>The file of the library.</summary>
    public const string Library = "libduckdb.so";

    private static readonly DuckDbPackage Amd64 = new(
        "@duckdb/node-bindings-linux-x64",
        "1.5.6-r.1",
        "IXcrZJE6kEqM0Z4wwdVnGBHX/frOS33VPNAwDXQ/Q+Fs84b058Qe94chrCCIcNJlG8Y3UHIUU4eBeCQxW5mN1Q==");

    private static readonly DuckDbPackage Arm64 = new(
        "@duckdb/node-bindings-linux-arm64",
        "1.5.5-r.5",
        "CafH2AIvXtpwDynG3KB/4uEOHRGlFoB7auCRMIwH3BKNIobsANV5LSpDJ3tfyRCFIsK6e8AT1eseWVnu2Dv3cw==");

    /// <summary>The package for a Debian architecture, or null when there is none.</summary>
    public static DuckDbPackage? For(string? debianArchitecture) => debianArchitecture switch
    {
        "amd64" => Amd64,
        "arm64" => Arm64,
        _ => null,
    };
}
