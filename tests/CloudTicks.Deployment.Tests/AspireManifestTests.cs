using System.Text.Json.Nodes;

namespace CloudTicks.Deployment.Tests;

public sealed class AspireManifestTests
{
    private const string ManifestVariable = "CLOUDTICKS_ASPIRE_MANIFEST";

    private const string Additions = "what Aspire adds";

    /// <summary>The manifests to compare. The CI workflow sets the variable to the path of a manifest that Aspire wrote.</summary>
    public static TheoryData<string> Manifests =>
        Environment.GetEnvironmentVariable(ManifestVariable) is { Length: > 0 } path ? [Additions, path] : [Additions];

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Aspire_composes_the_same_system_as_the_default_flavour(string manifest)
    {
        var aspire = manifest == Additions ? GoldenWithAdditions() : JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();

        AspireManifest.Differences(Golden(), aspire).ShouldBeEmpty();
    }

    [Fact]
    public void Difference_outside_the_closed_lists_is_reported()
    {
        var aspire = Golden();
        var resources = aspire["resources"]!.AsObject();
        resources.Remove("tick-archive-dead");
        resources["another"] = new JsonObject { ["type"] = "container.v0" };
        resources["timescale"]!["connectionString"] = "{postgres.connectionString};Database=other";
        resources["collector"]!["env"]!.AsObject().Remove("Polygon__Endpoint");
        resources["collector"]!["env"]!["Collector__Group"] = "simulated";
        resources["simulator"]!["bindings"]!["http"]!["port"] = 1;

        var differences = AspireManifest.Differences(Golden(), aspire);

        differences.Count.ShouldBe(6);
        foreach (var part in (string[])
            ["'tick-archive-dead'", "'another'", "Database=other", "Polygon__Endpoint", "Collector__Group", "simulator: bindings"])
        {
            differences.ShouldContain(difference => difference.Contains(part, StringComparison.Ordinal), part);
        }
    }

    [Fact]
    public void Workflow_compares_both_manifests()
    {
        var step = Repository.Yaml(".github/workflows/ci.yml").At("jobs/cloud-flavour")!.Values("run")
            .Single(run => run.Contains(ManifestVariable, StringComparison.Ordinal));

        step.ShouldContain("--publisher manifest");
        step.ShouldContain(nameof(AspireManifestTests));
    }

    [Fact]
    public void Aspire_in_Development_keeps_generated_passwords()
    {
        // Aspire is not compiled here, so the test searches the sources. Properties/launchSettings.json would also apply to the default
        // flavour and print to its output.
        Repository.Text("AppHost/Cloud/DevelopmentDefaults.cs")
            .ShouldContain("SetEnvironmentVariable(\"DOTNET_ENVIRONMENT\", \"Development\")");
        Repository.Text("AppHost/AppHost.csproj").ShouldContain("<UserSecretsId>");
        File.Exists(Repository.PathOf("AppHost/Properties/launchSettings.json")).ShouldBeFalse();
    }

    private static JsonObject GoldenWithAdditions()
    {
        var aspire = Golden();
        var resources = aspire["resources"]!.AsObject();
        resources["nats-1"] = new JsonObject { ["type"] = "container.v0" };
        resources["storage"] = new JsonObject { ["type"] = "azure.bicep.v0" };
        resources["nats"]!["connectionString"] = "{nats-1.connectionString}";
        resources["postgres"]!["volumes"]![0]!["name"] = "apphost-1234-postgres-data";
        resources["collector"]!["env"]!["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        resources["functions"]!["env"]!["CLOUDTICKS_HUB_KEY"] = "{hub-reader-key.value}";
        return aspire;
    }

    private static JsonObject Golden() => Repository.Json("tests/AppHost.Tests/Manifests/simulated.json");
}
