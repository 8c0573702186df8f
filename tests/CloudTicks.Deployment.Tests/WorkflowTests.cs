using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CloudTicks.Deployment.Tests;

public sealed partial class WorkflowTests
{
    private static readonly YamlMappingNode Workflow = Repository.Yaml(".github/workflows/ci.yml");

    public static TheoryData<string> Workflows { get; } = [.. Repository.Files(".github/workflows", "*.yml")];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Workflow_has_only_read_permission(string file)
    {
        var workflow = Repository.Yaml(file);
        workflow.At("permissions").Keys().ShouldBe(["contents"]);
        workflow.TextAt("permissions/contents").ShouldBe("read");
        workflow.At("jobs").Keys().Where(job => workflow.At($"jobs/{job}/permissions") != null)
            .ShouldBe(file.EndsWith("/release.yml", StringComparison.Ordinal) ? ["attach"] : []);
        workflow.Values("persist-credentials").Count()
            .ShouldBe(workflow.Values("uses").Count(action => action.StartsWith("actions/checkout@", StringComparison.Ordinal)));
    }

    [Fact]
    public void Release_job_runs_no_code_of_the_repository()
    {
        var attachJob = Repository.Yaml(".github/workflows/release.yml").At("jobs/attach")!;

        attachJob.At("permissions")!.Keys().ShouldBe(["contents"]);
        attachJob.Values("uses").ShouldHaveSingleItem().ShouldStartWith("actions/download-artifact@");
        attachJob.Values("run").ShouldHaveSingleItem().ShouldStartWith("gh release create ");
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Actions_are_pinned_to_a_commit(string file) =>
        Repository.Yaml(file).Values("uses").ShouldAllBe(action => Pinned().IsMatch(action));

    [Fact]
    public void Both_flavours_are_built_and_tested()
    {
        Workflow.TextAt("jobs/cloud-flavour/env/CloudPackages").ShouldBe("true");
        Workflow.At("jobs/default-flavour/env/CloudPackages").ShouldBeNull();
        Runs("default-flavour").ShouldContain(".ci/run");
        Runs("cloud-flavour").ShouldContain("dotnet test");
        Runs("cloud-flavour").ShouldContain("infra/hooks/check-functions.sh");
        Workflow.Values("cache-dependency-path").ShouldAllBe(path => path.Contains("**/packages.lock.json"));
    }

    [Fact]
    public void Projects_of_the_cloud_flavour_exist()
    {
        var commands = Runs("cloud-flavour");
        var built = BuiltProjects().Match(commands).Groups[1].Value.Split(' ');
        var tested = TestedAreas().Match(commands).Groups[1].Value.Split(' ');

        built.ShouldAllBe(project => Directory.GetFiles(Repository.PathOf(project), "*.csproj").Length == 1);
        tested.ShouldAllBe(area => File.Exists(Repository.PathOf($"tests/CloudTicks.{area}.Tests/CloudTicks.{area}.Tests.csproj")));
        Repository.Yaml("azure.yaml").At("services").Keys()
            .Select(service => Repository.Yaml("azure.yaml").TextAt($"services/{service}/project")![2..]).ShouldBeSubsetOf(built);
    }

    [Fact]
    public void The_template_is_linted_and_compiled()
    {
        Runs("infrastructure").ShouldContain("az bicep lint --file infra/main.bicep");
        Runs("infrastructure").ShouldContain("az bicep build --file infra/main.bicep");
    }

    [Fact]
    public void What_if_has_every_required_parameter()
    {
        var commands = string.Join('\n', Repository.Yaml(".github/workflows/azure.yml").At("jobs/what-if")!.Values("run"));

        foreach (var command in commands.Split("az deployment sub ")[1..])
        {
            BicepFile.Main.Parameters.Where(parameter => !parameter.HasDefault)
                .ShouldAllBe(parameter => command.Contains($" {parameter.Name}=", StringComparison.Ordinal));
        }

        commands.ShouldContain("az deployment sub what-if");
    }

    [Fact]
    public void Checks_of_a_deployment_exist()
    {
        var smokeCommands = Repository.Yaml(".github/workflows/azure.yml").At("jobs/deploy")!.Values("run")
            .Single(run => run.Contains(" verify ", StringComparison.Ordinal));

        VerifiedChecks().Match(smokeCommands).Groups[1].Value.Split(' ').ShouldBe(["configuration", "hot-reload", "retention"]);
        Repository.Text("src/CloudTicks.Verification/Checklist/OperatorChecklist.cs")
            .ShouldContain("\"retention\", \"rate-limits\", \"configuration\", \"hot-reload\"");
    }

    [Fact]
    public void Every_image_is_built()
    {
        var projects = Workflow.At("jobs/images/strategy/matrix/include").Items().Select(image => image.TextAt("project")).Distinct();

        projects.ShouldBe(Repository.Files("src", "Dockerfile").Select(path => path.Split('/')[1]), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_job_has_a_time_limit(string file)
    {
        var workflow = Repository.Yaml(file);
        workflow.At("jobs").Keys().ShouldAllBe(job => workflow.TextAt($"jobs/{job}/timeout-minutes") != null);
    }

    [Fact]
    public void Projects_of_the_long_suite_exist() =>
        Repository.Yaml(".github/workflows/long.yml").Values("project")
            .ShouldAllBe(project => File.Exists(Repository.PathOf($"tests/{project}/{project}.csproj")));

    private static string Runs(string job) => string.Join('\n', Workflow.At($"jobs/{job}")!.Values("run"));

    [GeneratedRegex("^[a-z-]+/[a-z-]+@[0-9a-f]{40}$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"--check ([a-z -]+?) *\\?$", RegexOptions.Multiline)]
    private static partial Regex VerifiedChecks();

    [GeneratedRegex(@"for project in (.*); do")]
    private static partial Regex BuiltProjects();

    [GeneratedRegex(@"for area in (.*); do")]
    private static partial Regex TestedAreas();
}
