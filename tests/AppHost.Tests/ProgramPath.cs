using System.Reflection;

namespace AppHost.Tests;

/// <summary>Where the build put the programs that the tests start.</summary>
internal static class ProgramPath
{
    public static string RepositoryRoot { get; } = Find("RepositoryRoot");

    /// <summary>Debug or Release, as the tests were built.</summary>
    public static string Configuration { get; } = Find("Configuration");

    public static string AppHost { get; } = Find("AppHostProgram");

    /// <summary>The command line, behind <c>dotnet</c>, by which a user starts AppHost.</summary>
    public static IReadOnlyList<string> DotNetRunOfAppHost { get; } =
        ["run", "--no-build", "--project", Find("AppHostProject"), "--configuration", Find("Configuration"), "--"];

    public static string Simulator { get; } = Find("SimulatorProgram");

    public static string Cli { get; } = Find("CliProgram");

    private static string Find(string key) =>
        typeof(ProgramPath).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
