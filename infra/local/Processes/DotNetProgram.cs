using System.Runtime.InteropServices;

namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// How the .NET programs of this repository are started: <c>dotnet PROGRAM.dll</c> on the runtime that runs this process, or by themselves
/// where they were packed with a runtime of their own (eng/pack).
/// </summary>
public static class DotNetProgram
{
    /// <summary>The path of the <c>dotnet</c> command of the running runtime; plain <c>dotnet</c> where it is not in its usual place.</summary>
    public static string Command { get; } = Find();

    /// <summary>Whether the runtime lies beside this program, and no <c>dotnet</c> command belongs to it.</summary>
    private static bool IsSelfContained { get; } =
        Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()) == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    /// <summary>What to start, and with which arguments.</summary>
    /// <param name="program">The path of the program's .dll.</param>
    /// <param name="arguments">The program's own arguments.</param>
    /// <returns>The file to start and all its arguments.</returns>
    public static (string FileName, IReadOnlyList<string> Arguments) Start(string program, IEnumerable<string> arguments) => IsSelfContained
        ? (Path.ChangeExtension(program, OperatingSystem.IsWindows() ? "exe" : null), [.. arguments])
        : (Command, [program, .. arguments]);

    private static string Find()
    {
        // .../dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        var path = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(path) ? path : "dotnet";
    }
}
