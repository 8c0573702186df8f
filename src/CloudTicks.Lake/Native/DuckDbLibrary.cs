using System.Reflection;
using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>
/// Finds libduckdb: the file that <see cref="PathVariable"/> names, else the one of the package (cloud flavour), else the system's own.
/// </summary>
public static class DuckDbLibrary
{
    /// <summary>The name in the imports.</summary>
    internal const string Name = "duckdb";

    /// <summary>The environment variable that holds the absolute path of <c>libduckdb.so</c>.</summary>
    public const string PathVariable = "CLOUDTICKS_LIBDUCKDB";

    private static readonly Lazy<nint> Handle = new(Load);

    /// <summary>Loads the library now, so that its absence is reported where it is needed.</summary>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded; the message says what to do.</exception>
    public static void EnsureLoaded() => _ = Handle.Value;

    private static nint Load()
    {
        var handle = LoadFile(Environment.GetEnvironmentVariable(PathVariable));
        NativeLibrary.SetDllImportResolver(typeof(DuckDbLibrary).Assembly, (name, _, _) => name == Name ? handle : 0);
        return handle;
    }

    internal static nint LoadFile(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            return NativeLibrary.TryLoad(Name, Assembly.GetExecutingAssembly(), null, out var found)
                ? found
                : throw new DllNotFoundException(
                    $"libduckdb, which reads and writes the lake, is not installed: run 'cloudticks lake install', or set {PathVariable} "
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
