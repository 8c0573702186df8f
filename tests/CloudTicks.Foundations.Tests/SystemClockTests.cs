using System.Reflection;

namespace CloudTicks.Foundations.Tests;

/// <summary>
/// The clock comes from outside: what puts a program together takes the system's and passes it on. Banned symbols hold the calls that
/// read a clock without a name; this holds the name.
/// </summary>
public sealed class SystemClockTests
{
    private const string SystemClock = "TimeProvider.System";

    /// <summary>Wiring, and the commands of the command line, each of which puts its own work together.</summary>
    private static readonly string[] Wiring = ["Extensions.cs", "Command.cs", "Commands.cs", "Program.cs", "EventHubHosting.cs"];

    /// <summary>The options of a client that other programs make, and two that name it only.</summary>
    private static readonly string[] Others = ["ConfigClientOptions.cs", "SystemSearch.cs", "BootTime.cs"];

    [Fact]
    public void Only_what_puts_a_program_together_takes_the_clock_of_the_system()
    {
        var root = typeof(SystemClockTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

        Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !Wiring.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)) && !Others.Contains(Path.GetFileName(file))
                && File.ReadAllText(file).Contains(SystemClock, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(root, file))
            .ShouldBeEmpty($"a class takes a TimeProvider, it does not read {SystemClock}");
    }
}
