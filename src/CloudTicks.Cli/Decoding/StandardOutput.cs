using Microsoft.Win32.SafeHandles;

namespace CloudTicks.Cli.Decoding;

/// <summary>Standard output as a stream that reports a closed pipe.</summary>
internal static class StandardOutput
{
    private const int Descriptor = 1;
    private const int BrokenPipe = 32; // EPIPE on Linux and macOS
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsClosingPipe = unchecked((int)0x800700E8);

    public static Stream Open()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardOutput();
        }

        // The console's stream silently drops writes to a broken pipe, so that `| head` would never end the command.
        // A file needs the console's stream: a FileStream would not move the shared file position.
        var pipe = new FileStream(new SafeFileHandle(Descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek)
        {
            return pipe;
        }

        pipe.Dispose();
        return Console.OpenStandardOutput();
    }

    public static bool IsPipeClosed(IOException exception) =>
        exception.HResult is BrokenPipe or WindowsBrokenPipe or WindowsClosingPipe;
}
