using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CloudTicks.LocalServices.Processes;

/// <summary>Replaces this process with another .NET program, which keeps the process id, the terminal and the parent.</summary>
public static partial class ProgramReplacement
{
    private const int SigPipe = 13;
    private const nint DefaultAction = 0;

    /// <summary>Starts the program in place of this one, so this method does not return. On Windows, the program runs as a child.</summary>
    /// <param name="program">The path of its .dll.</param>
    /// <param name="arguments">Its command line.</param>
    /// <returns>On Windows, its exit code.</returns>
    /// <exception cref="IOException">The system cannot start the program.</exception>
    public static int ReplaceWith(string program, IReadOnlyList<string> arguments)
    {
        var (fileName, allArguments) = DotNetProgram.Start(program, arguments);
        if (OperatingSystem.IsWindows())
        {
            using var child = Process.Start(new ProcessStartInfo(fileName, allArguments) { UseShellExecute = false })!;
            child.WaitForExit();
            return child.ExitCode;
        }

        Console.Out.Flush();
        // The runtime ignores SIGPIPE, and ignored signals are inherited: the servers that AppHost starts would ignore it too.
        _ = Signal(SigPipe, DefaultAction);
        var path = ProgramPath.Find(fileName) ?? fileName;
        _ = Execute(path, [path, .. allArguments, null]);
        throw new IOException($"Cannot start {path} for {program}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint action);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments);
}
