using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CloudTicks.Foundations.Disks;

/// <summary>The POSIX calls that .NET does not offer: fdatasync, and fsync of a folder.</summary>
internal static partial class SystemCalls
{
    private const int ReadOnlyFolder = 0;

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int DataSync(SafeHandle file);

    /// <summary>Makes the names in a folder durable: files created, renamed or deleted in it.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS makes names durable itself.
        }

        var descriptor = Open(path, ReadOnlyFolder);
        if (descriptor < 0)
        {
            throw Failure($"The folder {path} cannot be opened to be flushed");
        }

        try
        {
            if (FileSync(descriptor) != 0)
            {
                throw Failure($"The folder {path} cannot be flushed");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    public static IOException Failure(string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
