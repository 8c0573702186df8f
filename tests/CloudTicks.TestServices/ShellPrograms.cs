using CloudTicks.LocalServices.Installation;

namespace CloudTicks.TestServices;

/// <summary>
/// The programs used by commands in docs and examples, from this machine's Debian release, whether or not they are installed: curl,
/// jq, kcat, nc, openssl, protoc, and Python with Kafka, protobuf and matplotlib.
/// </summary>
public static class ShellPrograms
{
    private static readonly string[] Requested =
    [
        "curl", "jq", "kcat", "netcat-openbsd", "openssl", "protobuf-compiler", "python3", "python3-confluent-kafka", "python3-matplotlib",
        "python3-protobuf",
    ];

    // The needed dependencies of python3-matplotlib; the others are for other font formats, GUIs and compilers.
    private static readonly string[] PythonModules =
    [
        "python3-contourpy", "python3-cycler", "python3-dateutil", "python3-fonttools", "python3-kiwisolver", "python3-numpy",
        "python3-packaging", "python3-pil", "python3-pkg-resources", "python3-pyparsing", "python3-six", "python-matplotlib-data",
        "fonts-dejavu-core", "zlib1g",
    ];

    // Packages that are not downloaded: every system has them, or only a compiler or a GUI needs them.
    private static readonly string[] UnneededPackages =
    [
        "libc6", "libc-", "libgcc", "libstdc++", "libicu", "libxml2", "libxslt", "libboost", "libjs-", "libtk", "libtcl", "libopenblas",
        "libasan", "libhwasan", "libtsan", "libubsan", "liblsan", "libitm", "libcc1", "libctf", "libbinutils", "libgprofng", "libisl",
        "libmpc", "libmpfr", "libpam", "libselinux", "libsystemd", "libblkid", "libmount", "libapt", "libperl", "libdpkg",
    ];

    private static readonly Lazy<Task<string>> Folder = new(() => new TestPackages("test-shell-1", Requested, IsNeeded).FetchAsync());

    /// <summary>Writes a wrapper script for each program into a folder, for PATH.</summary>
    public static async Task WriteAsync(string folder)
    {
        var root = await Folder.Value;
        var libraries = Path.Combine(root, "usr/lib", HostSystem.ThisMachine.LibraryTriplet);
        var libPath = $"LD_LIBRARY_PATH={libraries}:{libraries}/blas:{libraries}/lapack:{root}/lib/{HostSystem.ThisMachine.LibraryTriplet}";
        foreach (var name in (string[])["curl", "jq", "kcat", "nc", "openssl", "protoc"])
        {
            WriteScript(folder, name, $"exec env {libPath} {root}/{Find(root, name == "nc" ? "nc.openbsd" : name)} \"$@\"");
        }

        // Debian's matplotlib looks for its data next to itself and in /usr/share only.
        var matplotlibData = Path.Combine(root, "usr/lib/python3/dist-packages/matplotlib/mpl-data");
        if (!Path.Exists(matplotlibData))
        {
            try
            {
                File.CreateSymbolicLink(matplotlibData, Path.Combine(root, "usr/share/matplotlib/mpl-data"));
            }
            catch (IOException) when (Path.Exists(matplotlibData))
            {
                // Another test process has just created it.
            }
        }

        var pythonProgram = Directory.GetFiles(Path.Combine(root, "usr/bin"), "python3.*")
            .Single(file => !file.EndsWith("config", StringComparison.Ordinal));
        WriteScript(
            folder, "python3",
            $"""
            export PYTHONHOME={root}/usr PYTHONPATH={root}/usr/lib/python3/dist-packages MATPLOTLIBRC={root}/etc/matplotlibrc
            exec env {libPath} {pythonProgram} "$@"
            """);
    }

    /// <summary>Writes a bash script.</summary>
    public static void WriteScript(string folder, string name, string text)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/usr/bin/env bash\n{text}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
        }
    }

    private static string Find(string root, string program) =>
        File.Exists(Path.Combine(root, "usr/bin", program)) ? $"usr/bin/{program}" : $"bin/{program}";

    private static bool IsNeeded(string package) =>
        Requested.Contains(package) || PythonModules.Contains(package)
        || (package.StartsWith("python3.", StringComparison.Ordinal) && package.EndsWith("-minimal", StringComparison.Ordinal))
        || (package.StartsWith("lib", StringComparison.Ordinal) && !package.EndsWith("-dev", StringComparison.Ordinal)
            && !UnneededPackages.Any(name => package.StartsWith(name, StringComparison.Ordinal)));
}
