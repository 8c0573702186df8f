using System.ComponentModel;
using System.Runtime.InteropServices;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>The two calls of POSIX that the framework does not offer.</summary>
internal static partial class SystemCalls
{
    /// <summary>Flushes what was written to a file, and of its metadata only what reading it needs.</summary>
    public static void FlushData(SafeHandle file)
    {
        if (DataSync(file) != 0)
        {
            throw new BenchmarkException($"fdatasync: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>Writes what the disk still has to write, so that no pass pays for the one before it.</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void FlushAll();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeHandle file);
}
