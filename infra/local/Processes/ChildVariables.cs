namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// The environment variables that a child inherits: names, or prefixes that end with <c>*</c>. No other variable of this process's
/// environment is inherited, so a key or a password is inherited only if the child's list names it.
/// </summary>
public static class ChildVariables
{
    /// <summary>
    /// The variables for third-party programs: the folders of programs, home and temporary files, the language, the time zone.
    /// </summary>
    public static IReadOnlyList<string> Server { get; } =
    [
        "PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_*", "TZ", "TZDIR", "TMPDIR", "TMP", "TEMP",
        .. OperatingSystem.IsWindows()
            ? ["SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "ProgramData",
                "ProgramFiles*", "NUMBER_OF_PROCESSORS"]
            : Array.Empty<string>(),
    ];

    /// <summary>
    /// The variables for .NET programs: those of <see cref="Server"/>, the runtime's settings, and the paths of client libraries and
    /// certificates.
    /// </summary>
    public static IReadOnlyList<string> Program { get; } =
        [.. Server, "DOTNET_*", "CLOUDTICKS_LIBRDKAFKA", "CLOUDTICKS_LIBNATS", "CLOUDTICKS_LIBDUCKDB", "LD_LIBRARY_PATH", "XDG_*",
            "SSL_CERT_FILE", "SSL_CERT_DIR", "TERM", "NO_COLOR"];

    /// <summary>The variables for programs that connect to the internet: the proxies.</summary>
    public static IReadOnlyList<string> Proxies { get; } = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"];

    /// <summary>The whole environment, for programs that a user could also start directly.</summary>
    public static IReadOnlyList<string> All { get; } = ["*"];

    /// <summary>Whether a list contains a variable. Case is ignored, and a setting's <c>:</c> equals <c>__</c>.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="inherited">The list.</param>
    internal static bool Contains(string name, IReadOnlyList<string> inherited)
    {
        var normalized = name.Replace(":", "__", StringComparison.Ordinal);
        return inherited.Any(entry => entry.EndsWith('*')
            ? normalized.StartsWith(entry[..^1], StringComparison.OrdinalIgnoreCase)
            : normalized.Equals(entry, StringComparison.OrdinalIgnoreCase));
    }
}
