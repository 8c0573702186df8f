using System.ComponentModel;
using System.Runtime.InteropServices;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.Hub;

/// <summary>Two POSIX calls that .NET does not offer.</summary>
internal static partial class SystemCalls
{
    /// <summary>Flushes a file's content, and only the metadata that is needed to read it.</summary>
    public static void FlushData(SafeHandle file)
    {
        if (DataSync(file) != 0)
        {
            throw new BenchmarkException($"fdatasync: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }
    }

    /// <summary>Flushes all pending writes to the disk, so that no pass pays for the previous one.</summary>
    [LibraryImport("libc", EntryPoint = "sync")]
    public static partial void FlushAll();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeHandle file);
}
