using System.Reflection;

namespace AppHost.Tests;

/// <summary>The paths of the built programs that the tests start.</summary>
internal static class ProgramPath
{
    public static string RepositoryRoot { get; } = Find("RepositoryRoot");

    /// <summary>The configuration of the tests' own build: Debug or Release.</summary>
    public static string Configuration { get; } = Find("Configuration");

    public static string AppHost { get; } = Find("AppHostProgram");

    /// <summary>The arguments of <c>dotnet</c> with which a user starts AppHost.</summary>
    public static IReadOnlyList<string> DotNetRunOfAppHost { get; } =
        ["run", "--no-build", "--project", Find("AppHostProject"), "--configuration", Find("Configuration"), "--"];

    public static string Simulator { get; } = Find("SimulatorProgram");

    public static string Cli { get; } = Find("CliProgram");

    private static string Find(string key) =>
        typeof(ProgramPath).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
