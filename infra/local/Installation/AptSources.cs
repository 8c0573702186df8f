namespace CloudTicks.LocalServices.Installation;

/// <summary>Reads the mirrors from the host's apt sources, in both formats of sources.list(5).</summary>
internal static class AptSources
{
    /// <summary>The suite whose packages match the host's own libraries.</summary>
    public static PackageArchive ForHostRelease(HostSystem host)
    {
        var components = host.IsUbuntu ? "main universe" : "main";
        var own = Read(host).FirstOrDefault(entry => entry.Suite == host.CodeName)
            ?? Read(host).FirstOrDefault(entry => IsReleaseSuite(entry.Suite));
        return own is null
            ? throw LocalServicesUnavailableException.ForMissing($"apt on this machine has no sources for its release {host.CodeName}")
            : own with { Components = components, Keyring = own.Keyring ?? (host.IsUbuntu ? null : host.DebianKeyring) };
    }

    /// <summary>The Debian suite that has the servers, on the mirror that the user configured, otherwise on the host's mirror.</summary>
    public static PackageArchive ForServers(HostSystem host, string suite)
    {
        var mirror = !string.IsNullOrEmpty(host.DebianMirror) ? host.DebianMirror
            : !host.IsUbuntu ? ForHostRelease(host).Uri
            : throw LocalServicesUnavailableException.ForMissing(
                $"Ubuntu's apt sources have no Debian mirror (set {HostSystem.DebianMirrorVariable} to the address of one)");
        return new PackageArchive(mirror, suite, "main", host.DebianKeyring);
    }

    internal static IEnumerable<PackageArchive> Read(HostSystem host)
    {
        if (host.Find("etc/apt/sources.list") is { } list)
        {
            foreach (var entry in ReadLines(File.ReadLines(list)))
            {
                yield return entry;
            }
        }

        var parts = Path.Combine(host.Root, "etc/apt/sources.list.d");
        foreach (var file in Directory.Exists(parts) ? Directory.GetFiles(parts).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            var entries = Path.GetExtension(file) switch
            {
                ".list" => ReadLines(File.ReadLines(file)),
                ".sources" => ReadStanzas(File.ReadLines(file)),
                _ => [],
            };
            foreach (var entry in entries)
            {
                yield return entry;
            }
        }
    }

    /// <summary>Reads one-line entries: <c>deb [option=value ...] URI SUITE COMPONENT...</c></summary>
    internal static IEnumerable<PackageArchive> ReadLines(IEnumerable<string> lines)
    {
        foreach (var line in lines.Select(line => line.Split('#')[0].Trim()))
        {
            if (!line.StartsWith("deb ", StringComparison.Ordinal) && !line.StartsWith("deb\t", StringComparison.Ordinal))
            {
                continue;
            }

            var rest = line[3..].Trim();
            var options = "";
            if (rest.StartsWith('['))
            {
                var end = rest.IndexOf(']', StringComparison.Ordinal);
                (options, rest) = end < 0 ? ("", "") : (rest[1..end], rest[(end + 1)..]);
            }

            if (SplitWords(rest) is [var uri, var suite, .. var components] && components.Contains("main"))
            {
                var keyring = SplitWords(options)
                    .FirstOrDefault(option => option.StartsWith("signed-by=", StringComparison.OrdinalIgnoreCase));
                yield return new PackageArchive(uri, suite, "main", KeyringFile(keyring?["signed-by=".Length..]));
            }
        }
    }

    /// <summary>Reads stanzas of <c>Field: value</c>: values continue in indented lines, and blank lines separate the stanzas.</summary>
    internal static IEnumerable<PackageArchive> ReadStanzas(IEnumerable<string> lines)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var lastField = "";
        foreach (var line in lines.Where(line => !line.StartsWith('#')).Append(""))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                foreach (var entry in Entries(fields))
                {
                    yield return entry;
                }

                fields.Clear();
            }
            else if (char.IsWhiteSpace(line[0]))
            {
                fields[lastField] = $"{fields.GetValueOrDefault(lastField)} {line.Trim()}";
            }
            else if (line.Split(':', 2) is [var name, var value])
            {
                lastField = name.Trim();
                fields[lastField] = value.Trim();
            }
        }
    }

    private static IEnumerable<PackageArchive> Entries(Dictionary<string, string> fields)
    {
        string[] Field(string name) => SplitWords(fields.GetValueOrDefault(name, ""));
        if (!Field("Types").Contains("deb") || !Field("Components").Contains("main") || Field("Enabled") is ["no"])
        {
            return [];
        }

        var keyring = KeyringFile(fields.GetValueOrDefault("Signed-By"));
        return Field("URIs").SelectMany(uri => Field("Suites").Select(suite => new PackageArchive(uri, suite, "main", keyring)));
    }

    // Signed-By may also contain the keys themselves instead of the path of a file.
    private static string? KeyringFile(string? value) => value is not null && SplitWords(value) is [['/', ..] file] ? file : null;

    private static bool IsReleaseSuite(string suite) => suite is "stable" or "oldstable" or "testing" or "unstable" or "sid";

    private static string[] SplitWords(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
