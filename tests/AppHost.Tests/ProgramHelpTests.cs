using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CloudTicks.LocalServices.Processes;

namespace AppHost.Tests;

/// <summary>The help and the version of every program in the sources, found by their project files.</summary>
public sealed partial class ProgramHelpTests : IDisposable
{
    /// <summary>The launcher builds AppHost if it has changed, and passes all arguments to it.</summary>
    private const string Launcher = "AppHost/AppHost.csproj";

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("cloudticks-help-");

    public static TheoryData<string> Programs =>
    [
        .. ((string[])["src", "AppHost"]).SelectMany(folder =>
            Directory.EnumerateFiles(Path.Combine(ProgramPath.RepositoryRoot, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(ProgramPath.RepositoryRoot, path)).Where(path => path != Launcher && IsProgram(path))
            .Order(StringComparer.Ordinal),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public void Every_program_of_the_system_is_found()
    {
        string[] programs =
        [
            "AppHost.Local", "CloudTicks.Cli", "CloudTicks.Collector", "CloudTicks.Dashboard", "CloudTicks.EventHub",
            "CloudTicks.Functions",
            "CloudTicks.Relay", "CloudTicks.Simulator",
        ];

        programs.ShouldBeSubsetOf(Programs.Select(row => Path.GetFileNameWithoutExtension(row.Data)));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Help_and_version_start_nothing(string project)
    {
        var (helpCode, help, helpErrors) = await RunAsync(project, "--help");
        var (versionCode, version, versionErrors) = await RunAsync(project, "--version");

        helpCode.ShouldBe(0, helpErrors);
        helpErrors.ShouldBeEmpty();
        help.ShouldContain("Examples");
        help.ShouldContain("--help");
        versionCode.ShouldBe(0, versionErrors);
        versionErrors.ShouldBeEmpty();
        version.Trim().ShouldMatch(VersionNumber().ToString());
        _home.EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Select(left => left.FullName).ShouldBeEmpty();
    }

    private static bool IsProgram(string project)
    {
        var root = XDocument.Load(Path.Combine(ProgramPath.RepositoryRoot, project)).Root!;
        return root.Attribute("Sdk")?.Value == "Microsoft.NET.Sdk.Web" || root.Descendants("OutputType").Any(type => type.Value == "Exe");
    }

    /// <summary>The path of a project's program, built in the same configuration as AppHost.</summary>
    private static string ProgramFileOf(string project)
    {
        var path = Path.Combine(ProgramPath.RepositoryRoot, project);
        var name = XDocument.Load(path).Descendants("AssemblyName").FirstOrDefault()?.Value ?? Path.GetFileNameWithoutExtension(path);
        var folder = Path.GetDirectoryName(ProgramPath.AppHost)!;
        return Path.Combine(
            Path.GetDirectoryName(path)!, Path.GetRelativePath(Path.Combine(ProgramPath.RepositoryRoot, "AppHost", "Local"), folder),
            $"{name}.dll");
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(string project, string option)
    {
        var start = new ProcessStartInfo(DotNetProgram.Command, [ProgramFileOf(project), option])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _home.FullName,
        };
        foreach (var variable in (string[])["HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"])
        {
            start.Environment[variable] = _home.FullName;
        }

        using var program = Process.Start(start)!;
        var output = program.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = program.StandardError.ReadToEndAsync(Cancellation);
        await program.WaitForExitAsync(Cancellation);
        return (program.ExitCode, await output, await errors);
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+\S*$")]
    private static partial Regex VersionNumber();
}
