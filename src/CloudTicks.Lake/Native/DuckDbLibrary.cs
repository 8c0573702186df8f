using System.Reflection;
using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>
/// Finds libduckdb: the file that <see cref="PathVariable"/> names, otherwise the package's (cloud flavour), otherwise the system's.
/// </summary>
public static class DuckDbLibrary
{
    /// <summary>The library name in the DllImport declarations.</summary>
    internal const string Name = "duckdb";

    /// <summary>The environment variable that holds the absolute path of <c>libduckdb.so</c>.</summary>
    public const string PathVariable = "CLOUDTICKS_LIBDUCKDB";

    private static readonly Lazy<nint> Handle = new(() => LoadFile(Environment.GetEnvironmentVariable(PathVariable)));

    private static int _registered;

    /// <summary>Loads the library now, so that its absence is reported where it is needed.</summary>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded; the message says what to do.</exception>
    public static void EnsureLoaded()
    {
        Register();
        _ = Handle.Value;
    }

    /// <summary>Registers the resolver of the library; must run before the first call.</summary>
    internal static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) == 0)
        {
            NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, (name, _, _) => name == Name ? Handle.Value : 0);
        }
    }

    /// <summary>Whether a library is configured, packaged with the program, or installed.</summary>
    public static bool IsFound =>
        !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(PathVariable))
        || NativeLibrary.TryLoad(Name, Assembly.GetExecutingAssembly(), null, out _);

    internal static nint LoadFile(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return NativeLibrary.TryLoad(Name, Assembly.GetExecutingAssembly(), null, out var found)
                ? found
                : throw new DllNotFoundException(
                    $"libduckdb, which reads and writes the lake, is not installed: set {PathVariable} "
                        + "to the absolute path of libduckdb.so 1.5 (docs/local-services.md).");
        }

        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
        {
            throw new DllNotFoundException(
                $"{PathVariable} names '{path}', which cannot be loaded as libduckdb ({cause.Message.ReplaceLineEndings(" ")}). "
                    + "Set it to the absolute path of libduckdb.so 1.5.", cause);
        }
    }
}
