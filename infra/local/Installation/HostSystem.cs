using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.LocalServices.Installation;

/// <summary>The properties of the machine that the installation depends on; tests replace them.</summary>
internal sealed record HostSystem
{
    public const string DebianMirrorVariable = "CLOUDTICKS_DEBIAN_MIRROR";

    public static HostSystem ThisMachine { get; } = new();

    /// <summary>The folder that contains <c>etc</c> and <c>usr</c>.</summary>
    public string Root { get; init; } = "/";

    /// <summary>The search path for apt-get and dpkg-deb; PATH when null.</summary>
    public string? SearchPath { get; init; }

    /// <summary>The Debian mirror that the user configured; null for the mirror of the host's apt.</summary>
    public string? DebianMirror { get; init; } = Environment.GetEnvironmentVariable(DebianMirrorVariable);

    public OSPlatform Platform { get; init; } =
        OperatingSystem.IsLinux() ? OSPlatform.Linux : OperatingSystem.IsMacOS() ? OSPlatform.OSX : OSPlatform.Windows;

    public Architecture Architecture { get; init; } = RuntimeInformation.OSArchitecture;

    /// <summary>Debian's name of the architecture; null unless CloudTicks supports the architecture.</summary>
    public string? DebianArchitecture => Architecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.Arm64 => "arm64",
        _ => null,
    };

    /// <summary>The folder name of the architecture's libraries.</summary>
    public string LibraryTriplet => Architecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";

    public bool IsUbuntu => Release("ID") == "ubuntu";

    public bool IsDebianOrUbuntu => Release("ID") is "debian" or "ubuntu";

    /// <summary>The release's code name (bookworm, trixie, noble); "sid" for a release without one.</summary>
    public string CodeName => Release("VERSION_CODENAME") ?? "sid";

    /// <summary>The name of the system, for messages.</summary>
    public string Name => Release("PRETTY_NAME") ?? Release("ID") ?? "this Linux";

    /// <summary>The keyring that verifies Debian's archive, or null when its package is not installed.</summary>
    public string? DebianKeyring =>
        Find("usr/share/keyrings/debian-archive-keyring.pgp") ?? Find("usr/share/keyrings/debian-archive-keyring.gpg");

    /// <summary>The path of a file below <see cref="Root"/>; null when it does not exist.</summary>
    public string? Find(string relativePath)
    {
        var path = Path.Combine(Root, relativePath);
        return File.Exists(path) ? path : null;
    }

    /// <summary>Returns the path of a program; throws an exception that names its package when it is missing.</summary>
    public string Program(string name, string package) =>
        ProgramPath.Find(name, SearchPath)
        ?? throw LocalServicesUnavailableException.ForMissing($"{name} (package {package}) is not installed");

    private string? Release(string key) => Find("etc/os-release") is not { } file
        ? null
        : File.ReadLines(file)
            .Where(line => line.StartsWith(key + "=", StringComparison.Ordinal))
            .Select(line => line[(key.Length + 1)..].Trim('"', '\''))
            .FirstOrDefault(value => value.Length > 0);
}
