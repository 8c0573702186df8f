using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace CloudTicks.EventStream.Native;

/// <summary>The native library of Confluent.Kafka: the file in <see cref="PathVariable"/>, else the system's library.</summary>
public static class Librdkafka
{
    /// <summary>The environment variable with the absolute path of librdkafka (1.9 or newer).</summary>
    public const string PathVariable = "CLOUDTICKS_LIBRDKAFKA";

    private static readonly Lazy<nint> Handle = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>
    /// Loads the library and makes Confluent.Kafka use it. An <see cref="EventStreamConnection"/> calls this method when it creates the
    /// settings of a client. Code that creates Kafka clients without a connection must call it before it creates the first client.
    /// </summary>
    /// <exception cref="DllNotFoundException">The library is missing or cannot be loaded; the message says what to do.</exception>
    public static void EnsureLoaded() => _ = Handle.Value;

    private static nint Load()
    {
        var handle = LoadFile(Environment.GetEnvironmentVariable(PathVariable), SystemNames());
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, Resolve);
        LeaderEpochs.AddMissing(handle);
        return handle;

        // Confluent.Kafka tries different names per system (alpine-librdkafka, centos8-librdkafka, ...): all map to this library.
        nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
            name.Contains("librdkafka", StringComparison.Ordinal) ? handle : 0;
    }

    internal static nint LoadFile(string? path, IEnumerable<string> systemNames)
    {
        if (!string.IsNullOrWhiteSpace(path))
        {
            try
            {
                return NativeLibrary.Load(path);
            }
            catch (Exception cause) when (cause is DllNotFoundException or BadImageFormatException)
            {
                throw new DllNotFoundException(
                    $"{PathVariable} names '{path}', which cannot be loaded as librdkafka ({cause.Message.ReplaceLineEndings(" ")}). " +
                    "Set it to the absolute path of librdkafka.so.1, or unset it to use the system's library.",
                    cause);
            }
        }

        foreach (var name in systemNames)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(
            $"librdkafka is not installed: set {PathVariable} to the absolute path of librdkafka.so.1, " +
            "or install it (Debian and Ubuntu: librdkafka1, Homebrew: librdkafka).");
    }

    private static string[] SystemNames() =>
        OperatingSystem.IsWindows() ? ["rdkafka.dll", "librdkafka.dll"] :
        OperatingSystem.IsMacOS() ? ["librdkafka.1.dylib", "/opt/homebrew/lib/librdkafka.1.dylib", "/usr/local/lib/librdkafka.1.dylib"] :
        ["librdkafka.so.1"];
}
