using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

public sealed partial class DockerfileTests
{
    public static TheoryData<string> Dockerfiles => [.. Repository.Files("src", "Dockerfile")];

    [Fact]
    public void Every_service_that_is_deployed_as_a_container_has_an_image() =>
        Repository.Files("src", "Dockerfile").ShouldBe(["src/CloudTicks.Collector/Dockerfile", "src/CloudTicks.Dashboard/Dockerfile",
            "src/CloudTicks.Functions/Dockerfile", "src/CloudTicks.Relay/Dockerfile",
            "src/CloudTicks.Simulator/Dockerfile"], ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Image_does_not_run_as_root(string path)
    {
        var final = Final(path);

        // APP_UID is the base image's non-root user, 1654.
        final.LastIndexOf("USER $APP_UID\n", StringComparison.Ordinal).ShouldBeGreaterThan(0);
        Regex.Count(final, "^USER ", RegexOptions.Multiline).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Image_reports_health_on_its_exposed_port(string path)
    {
        var final = Final(path);
        var port = Exposed().Match(final).Groups[1].Value;

        port.ShouldNotBeEmpty();
        final.ShouldContain($"ASPNETCORE_URLS=http://+:{port}");
        final.ShouldMatch($@"HEALTHCHECK [^\n]*\\\n\s+CMD \[""bash"", ""-c"", ""exec 3<>/dev/tcp/127\.0\.0\.1/{port} [^\n]*GET /alive ");
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void An_image_is_built_from_locked_packages_and_has_no_compiler(string path)
    {
        var text = Repository.Text(path);

        text.ShouldContain("--locked-mode");
        text.ShouldContain("--no-restore");
        From().Matches(text).Select(match => match.Groups[1].Value).Distinct()
            .ShouldBe(["mcr.microsoft.com/dotnet/sdk:10.0", "mcr.microsoft.com/dotnet/aspnet:10.0"], ignoreOrder: true);
        Final(path).ShouldNotContain("dotnet/sdk");
        Final(path).ShouldContain($"ENTRYPOINT [\"dotnet\", \"{path.Split('/')[1]}.dll\"]");
    }

    [Fact]
    public void Build_context_contains_only_sources()
    {
        var ignored = Repository.Text(".dockerignore").Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();

        ignored[0].ShouldBe("*");
        ignored.ShouldContain("**/bin/");
        ignored.ShouldContain("**/obj/");
        ignored.ShouldContain("**/local.settings.json");
        foreach (var taken in ignored.Where(line => line[0] == '!').Select(line => Repository.PathOf(line[1..])))
        {
            Path.Exists(taken).ShouldBeTrue(taken);
        }
    }

    [Fact]
    public void The_volume_belongs_to_the_user_of_the_image() =>
        // 1654 is the value of $APP_UID in the base image. On Azure Files, the mount sets the owner.
        BicepFile.Of("infra/modules/collector.bicep").Code.ShouldContain("uid=1654,gid=1654");

    private static string Final(string path)
    {
        var text = Repository.Text(path);
        return text[text.LastIndexOf("\nFROM ", StringComparison.Ordinal)..];
    }

    [GeneratedRegex(@"^EXPOSE (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Exposed();

    [GeneratedRegex(@"^FROM (mcr\S+)", RegexOptions.Multiline)]
    private static partial Regex From();
}
