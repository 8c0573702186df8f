using System.Diagnostics;
using System.Runtime.InteropServices;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.AppHost.Launch;

/// <summary>Puts another .NET program in the place of this process: signals, terminal and parent are its own from then on.</summary>
internal static partial class ProgramReplacement
{
    private const int SigPipe = 13;
    private const nint DefaultAction = 0;

    /// <summary>Does not return, but on Windows, where the program runs below this one.</summary>
    /// <exception cref="IOException">The system refuses.</exception>
    public static int Become(string program, string[] args)
    {
        if (OperatingSystem.IsWindows())
        {
            using var child = Process.Start(new ProcessStartInfo(DotNetProgram.Command, [program, .. args]) { UseShellExecute = false })!;
            child.WaitForExit();
            return child.ExitCode;
        }

        Console.Out.Flush();
        // The runtime ignores SIGPIPE, and what is ignored stays so: the servers that AppHost starts would inherit it.
        _ = Signal(SigPipe, DefaultAction);
        var dotnet = ProgramPath.Find(DotNetProgram.Command) ?? DotNetProgram.Command;
        _ = Execute(dotnet, [dotnet, program, .. args, null]);
        throw new IOException($"{dotnet} {program} cannot be started: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint action);

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, string?[] arguments);
}
