using CloudTicks.AppHost.Launch;

namespace AppHost.Tests;

/// <summary>The launcher builds only if a source has changed since the last build began, or if the program does not exist.</summary>
public sealed class BuiltSystemTests : IDisposable
{
    private static readonly DateTime BuildTime = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly string _repositoryFolder = Directory.CreateTempSubdirectory("cloudticks-launcher-").FullName;
    private readonly BuiltSystem _system;

    public BuiltSystemTests()
    {
        _system = new BuiltSystem(_repositoryFolder, "Debug");
        string[] sources =
        [
            "Directory.Build.props", "Directory.Packages.props", "global.json", "src/A/A.csproj", "src/A/Deep/a.cs", "infra/local/b.cs",
            "AppHost/AppHost.cs", "ServiceDefaults/c.cs", "eng/d.props",
        ];
        foreach (var file in sources)
        {
            Write(file);
        }

        Directory.CreateDirectory(PathOf("src/A/obj"));
        Write("AppHost/Local/bin/Debug/net10.0/AppHost.dll");
        Write("AppHost/Local/bin/Debug/net10.0/AppHost.dll.built");
        File.SetLastWriteTimeUtc(_system.Program + ".built", BuildTime);
        foreach (var folder in Directory.EnumerateDirectories(_repositoryFolder, "*", SearchOption.AllDirectories))
        {
            Directory.SetLastWriteTimeUtc(folder, BuildTime - TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void Unchanged_sources_are_not_built() => _system.IsCurrent().ShouldBeTrue();

    [Theory]
    [InlineData("global.json")]
    [InlineData("src/A/A.csproj")]
    [InlineData("src/A/Deep/a.cs")]
    [InlineData("eng/d.props")]
    public void Changed_source_is_built(string path)
    {
        Change(path);

        _system.IsCurrent().ShouldBeFalse();
    }

    [Fact]
    public void Deleted_source_triggers_a_build()
    {
        File.Delete(PathOf("src/A/Deep/a.cs"));

        _system.IsCurrent().ShouldBeFalse();
    }

    [Fact]
    public void New_source_is_built()
    {
        Write("src/A/Deep/old.cs");

        _system.IsCurrent().ShouldBeFalse();
    }

    [Theory]
    [InlineData("src/A/obj/made.cs")]
    [InlineData("src/A/bin/Debug/A.dll")]
    [InlineData("src/A/wwwroot/index.html")]
    [InlineData("src/A/.a.cs.swp")]
    public void Build_output_and_editor_files_are_not_sources(string path)
    {
        Write(path);
        Change(path);

        _system.IsCurrent().ShouldBeTrue();
    }

    [Fact]
    public void Different_build_configuration_triggers_a_build() =>
        new BuiltSystem(_repositoryFolder, "Release").IsCurrent().ShouldBeFalse();

    [Fact]
    public void Deleted_program_is_built_again()
    {
        File.Delete(_system.Program);

        _system.IsCurrent().ShouldBeFalse();
    }

    [Fact]
    public void Projects_are_counted_with_all_their_references() => BuiltSystem.OfThisBuild().CountProjects().ShouldBeGreaterThan(15);

    public void Dispose() => Directory.Delete(_repositoryFolder, recursive: true);

    private string PathOf(string path) => Path.Combine(_repositoryFolder, path);

    private void Write(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), "");
        File.SetLastWriteTimeUtc(PathOf(path), BuildTime - TimeSpan.FromHours(1));
    }

    private void Change(string path) => File.SetLastWriteTimeUtc(PathOf(path), BuildTime + TimeSpan.FromSeconds(1));
}
