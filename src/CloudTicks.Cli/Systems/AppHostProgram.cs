using System.Reflection;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.Cli.Systems;

/// <summary>
/// Starts AppHost, which runs the whole system: the copy packaged next to this program, or else the project in the sources.
/// </summary>
internal static class AppHostProgram
{
    /// <summary>Replaces this process with AppHost.</summary>
    /// <exception cref="IOException">AppHost is neither next to this program nor in the sources, or the operating system
    /// refuses.</exception>
    public static int ReplaceWith(IReadOnlyList<string> arguments)
    {
        var packagedProgram = Path.Combine(AppContext.BaseDirectory, "AppHost.dll");
        if (File.Exists(packagedProgram))
        {
            return ProgramReplacement.ReplaceWith(packagedProgram, arguments);
        }

        var sourceRoot = typeof(AppHostProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(value => value.Key == "RepositoryRoot")?.Value;
        var projectFolder = Path.Combine(sourceRoot ?? "", "AppHost");
        return File.Exists(Path.Combine(projectFolder, "AppHost.csproj"))
            ? ProgramReplacement.ReplaceWith(DotNetProgram.Command, ["run", "--project", projectFolder, "--", .. arguments])
            : throw new IOException($"AppHost is missing next to this program ({packagedProgram}): install CloudTicks again.");
    }
}
