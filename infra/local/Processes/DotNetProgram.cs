using System.Runtime.InteropServices;

namespace CloudTicks.LocalServices.Processes;

/// <summary>How the .NET programs of this repository are started: <c>dotnet PROGRAM.dll</c> on the runtime that runs this process.</summary>
public static class DotNetProgram
{
    /// <summary>The path of the <c>dotnet</c> command of the running runtime; plain <c>dotnet</c> where it is not in its usual place.</summary>
    public static string Command { get; } = Find();

    private static string Find()
    {
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        var path = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(path) ? path : "dotnet";
    }
}
