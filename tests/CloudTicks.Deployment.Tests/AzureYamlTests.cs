using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

public sealed partial class AzureYamlTests
{
    private static readonly YamlDotNet.RepresentationModel.YamlMappingNode Azure = Repository.Yaml("azure.yaml");

    public static TheoryData<string> Services => [.. Azure.At("services").Keys()];

    [Fact]
    public void File_conforms_to_the_schema_of_azd()
    {
        Azure.Keys().ShouldBe(["name", "infra", "hooks", "services"], ignoreOrder: true);
        Azure.TextAt("name").ShouldBe("cloudticks");
        Azure.TextAt("infra/provider").ShouldBe("bicep");
        File.Exists(Repository.PathOf($"{Azure.TextAt("infra/path")}/{Azure.TextAt("infra/module")}.bicep")).ShouldBeTrue();
        Azure.At("services").Keys().ShouldBe(["collector", "dashboard", "functions", "relay", "simulator"], ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Services_are_existing_projects(string service)
    {
        var node = Azure.At($"services/{service}")!;
        var project = node.TextAt("project")!;

        node.Keys().ShouldBeSubsetOf(["project", "host", "language", "docker", "hooks"]);
        node.TextAt("language").ShouldBe("dotnet");
        node.TextAt("host").ShouldBeOneOf("containerapp", "function");
        Directory.GetFiles(Repository.PathOf(project), "*.csproj").Length.ShouldBe(1);
        if (node.TextAt("host") == "containerapp")
        {
            File.Exists(Repository.PathOf(Path.Combine(project, node.TextAt("docker/path")!))).ShouldBeTrue();
            Path.TrimEndingDirectorySeparator(Repository.PathOf(Path.Combine(project, node.TextAt("docker/context")!)))
                .ShouldBe(Path.TrimEndingDirectorySeparator(Repository.Root));
        }
    }

    [Fact]
    public void Services_and_tagged_resources_match()
    {
        var tags = BicepFile.All.SelectMany(file => ServiceTag().Matches(file.Code)).Select(match => match.Groups[1].Value);

        tags.ShouldBe(Azure.At("services").Keys(), ignoreOrder: true);
    }

    [Theory]
    [InlineData("prepackage")]
    [InlineData("predeploy")]
    public void Marker_of_the_cloud_packages_is_written_before_the_build(string hook)
    {
        Azure.TextAt($"hooks/{hook}/posix/run").ShouldBe("touch .cloud-packages");
        Azure.TextAt($"hooks/{hook}/posix/shell").ShouldBe("sh");
        Azure.TextAt($"hooks/{hook}/windows/run")!.ShouldStartWith("New-Item -ItemType File -Force .cloud-packages");
        Azure.TextAt($"hooks/{hook}/windows/shell").ShouldBe("pwsh");
        Repository.Text("Directory.Build.props").ShouldContain("Exists('$(MSBuildThisFileDirectory).cloud-packages')");
        Repository.Text(".gitignore").ShouldContain(".cloud-packages");
    }

    [Fact]
    public void File_hooks_exist_for_both_platforms_and_are_used()
    {
        var ofProject = Azure.At("hooks")!.Values("run").Where(run => run.StartsWith("infra/", StringComparison.Ordinal))
            .Select(Repository.PathOf);
        var ofServices = Azure.At("services").Keys().SelectMany(service => (Azure.At($"services/{service}/hooks")?.Values("run") ?? [])
            .Select(run => Repository.PathOf(Path.Combine(Azure.TextAt($"services/{service}/project")!, run))));

        var hooks = ofProject.Concat(ofServices).ToList();

        hooks.ShouldBe(Directory.GetFiles(Repository.PathOf("infra/hooks")), ignoreOrder: true);
        foreach (var hook in hooks.Where(hook => hook.EndsWith(".sh", StringComparison.Ordinal)))
        {
            (OperatingSystem.IsWindows() || File.GetUnixFileMode(hook).HasFlag(UnixFileMode.UserExecute)).ShouldBeTrue(hook);
        }

        hooks.Select(Path.GetFileNameWithoutExtension).GroupBy(name => name).ShouldAllBe(pair => pair.Count() == 2);
    }

    [GeneratedRegex(@"'azd-service-name': '(\w+)'")]
    private static partial Regex ServiceTag();
}
