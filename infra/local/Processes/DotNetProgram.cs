using System.Runtime.InteropServices;

namespace CloudTicks.LocalServices.Processes;

/// <summary>
/// Starts the .NET programs of this repository: <c>dotnet PROGRAM.dll</c> on the current runtime, or the program's own executable when it
/// was packed with its runtime (eng/pack).
/// </summary>
public static class DotNetProgram
{
    /// <summary>The path of the current runtime's <c>dotnet</c> command; <c>dotnet</c> when it is not in its usual place.</summary>
    public static string Command { get; } = Find();

    /// <summary>Whether the runtime is in the program's folder, without a <c>dotnet</c> command.</summary>
    private static bool IsSelfContained { get; } =
        Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory())
            == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    /// <summary>The file to start, and its arguments.</summary>
    /// <param name="program">The path of the program's .dll.</param>
    /// <param name="arguments">The program's own arguments.</param>
    /// <returns>The file to start and all its arguments.</returns>
    public static (string FileName, IReadOnlyList<string> Arguments) Start(string program, IEnumerable<string> arguments) => IsSelfContained
        ? (Path.ChangeExtension(program, OperatingSystem.IsWindows() ? "exe" : null), [.. arguments])
        : (Command, [program, .. arguments]);

    private static string Find()
    {
        // Example: .../dotnet/shared/Microsoft.NETCore.App/10.0.0/
        var runtimeFolder = RuntimeEnvironment.GetRuntimeDirectory();
        var path = Path.GetFullPath(Path.Combine(runtimeFolder, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(path) ? path : "dotnet";
    }
}
