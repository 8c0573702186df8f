namespace CloudTicks.LocalServices.Installation;

/// <summary>Converts the error output of apt-get into the message of <see cref="LocalServicesUnavailableException"/>.</summary>
internal static class AptFailure
{
    private static readonly string[] FullDisk = ["No space left on device", "enough free space", "Disk quota exceeded"];
    private static readonly string[] Signature = ["NO_PUBKEY", "is not signed", "couldn't be verified", "signature"];
    private static readonly string[] Network =
        ["Failed to fetch", "Could not connect", "Could not resolve", "Temporary failure resolving", "Unable to connect", "Connection"];

    public static LocalServicesUnavailableException ToException(PackageArchive archive, int exitCode, IReadOnlyList<string> errorOutput)
    {
        var errors = errorOutput
            .Where(line => line.StartsWith("E:", StringComparison.Ordinal) || line.StartsWith("W:", StringComparison.Ordinal))
            .ToList();
        var first = (errors.FirstOrDefault(line => line.StartsWith("E:", StringComparison.Ordinal))
                ?? (errorOutput is [.., var last] ? last : $"exit code {exitCode}"))
            .TrimStart('E', 'W', ':', ' ').TrimEnd('.', ' ');
        bool Contains(string[] texts) => errorOutput.Any(line => texts.Any(text => line.Contains(text, StringComparison.Ordinal)));

        return LocalServicesUnavailableException.ForMissing(
            Contains(FullDisk) ? $"the disk is full ({first})"
            : Contains(Signature) ? $"the keys of this machine do not verify {archive} (update the package debian-archive-keyring; {first})"
            : Contains(Network) ? $"apt-get cannot reach {archive} ({first})"
            : $"apt-get failed on {archive} ({first})");
    }
}
