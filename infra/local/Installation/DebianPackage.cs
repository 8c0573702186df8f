namespace CloudTicks.LocalServices.Installation;

/// <summary>A package that apt downloads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Bytes">Size of the download.</param>
internal sealed record DebianPackage(string Name, string Version, long Bytes)
{
    /// <summary>Reads a line of <c>apt-get --print-uris</c>: 'URI' NAME_VERSION_ARCHITECTURE.deb BYTES HASH.</summary>
    public static DebianPackage? Parse(string line) =>
        line.StartsWith('\'')
        && line.Split(' ') is [_, var file, var bytes, ..]
        && file.Split('_') is [var name, var version, _]
        && long.TryParse(bytes, out var size)
            ? new DebianPackage(name, Uri.UnescapeDataString(version), size)
            : null;
}
