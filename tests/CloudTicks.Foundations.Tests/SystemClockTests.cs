using System.Reflection;

namespace CloudTicks.Foundations.Tests;

/// <summary>
/// Classes receive a TimeProvider; only wiring code uses the system's clock. Banned symbols cover the calls that read a clock directly;
/// this test covers TimeProvider.System.
/// </summary>
public sealed class SystemClockTests
{
    private const string SystemClockText = "TimeProvider.System";

    /// <summary>Files that contain wiring, and the CLI commands, which wire their own dependencies.</summary>
    private static readonly string[] Wiring = ["Extensions.cs", "Command.cs", "Commands.cs", "Program.cs", "EventHubHosting.cs"];

    /// <summary>
    /// Options that other programs create, a part of the command line, a file that only mentions the clock's name, and a class that
    /// interrupts a native thread, which does not follow another clock.
    /// </summary>
    private static readonly string[] ExceptedFiles = ["ConfigClientOptions.cs", "SystemSearch.cs", "BootTime.cs", "DuckDbInterruption.cs"];

    [Fact]
    public void Only_wiring_uses_the_system_clock()
    {
        var root = typeof(SystemClockTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "RepositoryRoot").Value!;

        Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                && !Wiring.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)) && !ExceptedFiles.Contains(Path.GetFileName(file))
                && File.ReadAllText(file).Contains(SystemClockText, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(root, file))
            .ShouldBeEmpty($"a class receives a TimeProvider instead of reading {SystemClockText}");
    }
}
