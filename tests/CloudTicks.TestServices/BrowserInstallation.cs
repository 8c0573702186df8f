using CloudTicks.LocalServices.Installation;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.TestServices;

/// <summary>
/// A Chromium for tests: the one in <c>CLOUDTICKS_CHROMIUM</c>, otherwise an installed one, otherwise the headless one of this machine's
/// Debian release with its libraries and a font (110 MB), downloaded into the user's cache.
/// </summary>
public sealed record BrowserInstallation
{
    /// <summary>The environment variable with the path of another Chromium.</summary>
    public const string Variable = "CLOUDTICKS_CHROMIUM";

    private static readonly string[] ProgramNames = ["chromium", "chromium-headless-shell", "google-chrome-stable", "google-chrome"];

    // Packages that are not downloaded: graphics drivers and their dependencies, which a headless browser does not load, and the C and C++
    // libraries, which the machine has.
    private static readonly string[] UnneededPackages =
        ["libc6", "libgcc-s1", "libstdc++6", "libllvm", "libz3-", "libgl1-mesa-dri", "libicu", "libxml2", "libtinfo"];

    private static readonly Lazy<Task<BrowserInstallation>> Shared = new(FindAsync);

    private BrowserInstallation(string program, IReadOnlyDictionary<string, string> environment) =>
        (Program, Environment) = (program, environment);

    /// <summary>The path of the executable.</summary>
    public string Program { get; }

    /// <summary>Additional environment variables for the browser.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    /// <summary>Finds or downloads the browser, once per test process.</summary>
    public static Task<BrowserInstallation> GetAsync() => Shared.Value;

    private static async Task<BrowserInstallation> FindAsync()
    {
        var noVariables = new Dictionary<string, string>();
        if (System.Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return File.Exists(named)
                ? new BrowserInstallation(named, noVariables)
                : throw new FileNotFoundException($"{Variable} names '{named}', which is not a file.", named);
        }

        return ProgramNames.Select(name => ProgramPath.Find(name, searchPath: null)).FirstOrDefault(path => path is not null) is { } program
            ? new BrowserInstallation(program, noVariables)
            : await FetchAsync();
    }

    private static async Task<BrowserInstallation> FetchAsync()
    {
        var folder = await new TestPackages("test-chromium-1", ["chromium-headless-shell", "fonts-dejavu-core"], IsNeeded).FetchAsync();
        var libraryFolder = Path.Combine(folder, "usr/lib", HostSystem.ThisMachine.LibraryTriplet);
        var fontSettingsFile = Path.Combine(folder, "fonts.conf");
        await File.WriteAllTextAsync(fontSettingsFile, FontSettings(folder));
        return new BrowserInstallation(
            Path.Combine(folder, "usr/lib/chromium/chromium-headless-shell"),
            new Dictionary<string, string>
            {
                ["LD_LIBRARY_PATH"] = string.Join(
                    ':', libraryFolder, Path.Combine(folder, "lib", HostSystem.ThisMachine.LibraryTriplet),
                    Path.Combine(libraryFolder, "pulseaudio")),
                ["FONTCONFIG_FILE"] = fontSettingsFile,
            });
    }

    private static bool IsNeeded(string package) =>
        package is "chromium-headless-shell" or "chromium-common" or "fonts-dejavu-core" or "fontconfig-config" or "zlib1g"
        || (package.StartsWith("lib", StringComparison.Ordinal)
            && !UnneededPackages.Any(name => package.StartsWith(name, StringComparison.Ordinal)));

    private static string FontSettings(string folder) => $"""
        <?xml version="1.0"?>
        <!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
        <fontconfig>
          <dir>{folder}/usr/share/fonts</dir>
          <cachedir>{folder}/font-cache</cachedir>
          <alias binding="same"><family>system-ui</family><prefer><family>DejaVu Sans</family></prefer></alias>
          <alias binding="same"><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
          <alias binding="same"><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
        </fontconfig>

        """;
}
