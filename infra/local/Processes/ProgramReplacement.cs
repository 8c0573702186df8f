using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CloudTicks.LocalServices.Processes;

/// <summary>Puts another .NET program in the place of this process: signals, terminal and parent are its own from then on.</summary>
public static partial class ProgramReplacement
{
    private const int SigPipe = 13;
    private const nint DefaultAction = 0;

    /// <summary>Does not return, but on Windows, where the program runs below this one.</summary>
    /// <param name="program">The path of its .dll.</param>
    /// <param name="arguments">Its command line.</param>
    /// <returns>On Windows, its exit code.</returns>
    /// <exception cref="IOException">The system refuses.</exception>
    public static int Become(string program, IReadOnlyList<string> arguments)
    {
        var (fileName, all) = DotNetProgram.Start(program, arguments);
        if (OperatingSystem.IsWindows())
        {
            using var child = Process.Start(new ProcessStartInfo(fileName, all) { UseShellExecute = false })!;
            child.WaitForExit();
            return child.ExitCode;
        }

        Console.Out.Flush();
        // The runtime ignores SIGPIPE, and what is ignored stays so: the servers that AppHost starts would inherit it.
        _ = Signal(SigPipe, DefaultAction);
        var path = ProgramPath.Find(fileName) ?? fileName;
        _ = Execute(path, [path, .. all, null]);
        throw new IOException($"{path} cannot be started for {program}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint action);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments);
}
