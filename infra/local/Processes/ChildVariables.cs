namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// The environment variables that a child inherits: names, or the beginnings of names that end with <c>*</c>. Whatever else is in this
/// process's environment, keys and passwords above all, stays there.
/// </summary>
public static class ChildVariables
{
    /// <summary>For a program that we do not write: where programs, home and temporary files are, the language, the time zone.</summary>
    public static IReadOnlyList<string> Server { get; } =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_*", "TZ", "TZDIR", "TMPDIR", "TMP", "TEMP",
        .. OperatingSystem.IsWindows()
            ? ["SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramData",
                "ProgramFiles*", "NUMBER_OF_PROCESSORS"]
            : Array.Empty<string>(),
    ];

    /// <summary>For a .NET program: the runtime's settings as well, where the client libraries and the certificates are.</summary>
    public static IReadOnlyList<string> Program { get; } =
        [.. Server, "DOTNET_*", "CLOUDTICKS_LIBRDKAFKA", "CLOUDTICKS_LIBNATS", "CLOUDTICKS_LIBDUCKDB", "LD_LIBRARY_PATH", "XDG_*", "SSL_CERT_FILE",
            "SSL_CERT_DIR", "TERM", "NO_COLOR"];

    /// <summary>For what connects to the internet: the proxies.</summary>
    public static IReadOnlyList<string> Proxies { get; } = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"];

    /// <summary>All of this process's, for a program that a person could have started just so.</summary>
    public static IReadOnlyList<string> All { get; } = ["*"];

    /// <summary>Whether a variable is on a list. Upper and lower case are alike, and a setting's <c>:</c> is <c>__</c>.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="inherited">The list.</param>
    internal static bool Contains(string name, IReadOnlyList<string> inherited)
    {
        var spelled = name.Replace(":", "__", StringComparison.Ordinal);
        return inherited.Any(entry => entry.EndsWith('*')
            ? spelled.StartsWith(entry[..^1], StringComparison.OrdinalIgnoreCase)
            : spelled.Equals(entry, StringComparison.OrdinalIgnoreCase));
    }
}
