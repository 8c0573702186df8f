using System.Reflection;
using System.Runtime.InteropServices;

namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>Finds libnats: <c>CLOUDTICKS_LIBNATS</c>, else the system's library.</summary>
internal static class ClientLibrary
{
    public const string Name = "libnats";

    /// <summary>The environment variable with the absolute path of <c>libnats.so.3.x</c>.</summary>
    public const string PathVariable = "CLOUDTICKS_LIBNATS";

    private const string ProtobufName = "libprotobuf-c.so.1";

    // Debian's soname contains the minor version, so there are several names to try.
    private static readonly string[] SystemNames =
        ["libnats", "libnats.so.3.11", "libnats.so.3.10", "libnats.so.3.9", "libnats.so.3.8", "libnats.so.3.7", "libnats.so.3.6",
            "libnats.so.3.5", "libnats.so.3.4"];

    private static readonly Lazy<nint> Handle = new(Load);

    public static void Register() =>
        NativeLibrary.SetDllImportResolver(typeof(ClientLibrary).Assembly, (name, _, _) => name == Name ? Handle.Value : 0);

    /// <summary>Loads the library now, so that its absence fails the start and not a background thread.</summary>
    /// <exception cref="DllNotFoundException">The library is missing; the message says what to set or install.</exception>
    public static void EnsureLoaded() => _ = Handle.Value;

    private static nint Load()
    {
        var path = Environment.GetEnvironmentVariable(PathVariable);
        return string.IsNullOrWhiteSpace(path) ? LoadFromSystem() : LoadFrom(path);
    }

    private static nint LoadFrom(string path)
    {
        // libprotobuf-c may be missing on the system and is then in the same folder; once it is loaded, libnats finds it by name.
        var protobuf = Path.Combine(Path.GetDirectoryName(path) ?? ".", ProtobufName);
        if (File.Exists(protobuf))
            NativeLibrary.TryLoad(protobuf, out _);
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception)
        {
            throw new DllNotFoundException(
                $"{PathVariable} names '{path}', which cannot be loaded as libnats: {exception.Message} Set it to the path of "
                    + $"libnats.so.3.x.", exception);
        }
    }

    private static nint LoadFromSystem()
    {
        foreach (var name in SystemNames)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out var handle))
                return handle;
        }

        throw new DllNotFoundException(
            $"libnats, NATS' client library, was not found: install it (Debian: libnats3.4) or set {PathVariable} to the path of "
                + $"libnats.so.3.x.");
    }
}
