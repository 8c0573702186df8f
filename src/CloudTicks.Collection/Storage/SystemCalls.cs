using System.ComponentModel;
using System.Runtime.InteropServices;

namespace CloudTicks.Collection.Storage;

/// <summary>The call of POSIX that the framework does not offer: the flush of a folder.</summary>
internal static partial class SystemCalls
{
    private const int ReadOnlyFolder = 0;

    /// <summary>Makes the names in a folder durable: files made, renamed or deleted in it.</summary>
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS journals names by itself
        }

        var descriptor = Open(path, ReadOnlyFolder);
        var isFlushed = descriptor >= 0 && FileSync(descriptor) == 0;
        var error = Marshal.GetLastPInvokeError();
        if (descriptor >= 0)
        {
            _ = Close(descriptor);
        }

        if (!isFlushed)
        {
            throw new IOException($"The folder {path} cannot be flushed: {new Win32Exception(error).Message}", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
