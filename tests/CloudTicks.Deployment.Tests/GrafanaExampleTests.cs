using YamlDotNet.RepresentationModel;

namespace CloudTicks.Deployment.Tests;

/// <summary>
/// Everything that the files of examples/grafana refer to exists. TelemetryTests checks the dashboard's metrics, AppHost.Tests runs its
/// queries.
/// </summary>
public sealed class GrafanaExampleTests
{
    private const string Folder = "examples/grafana";

    private static readonly YamlMappingNode Services = (YamlMappingNode)Repository.Yaml($"{Folder}/compose.yaml")["services"];

    [Fact]
    public void Mounted_files_exist()
    {
        var mounts = Mounts().ToList();

        mounts.Count.ShouldBe(4);
        mounts.ShouldAllBe(mount => Path.Exists(Repository.PathOf(Path.Combine(Folder, mount.Source))));
    }

    [Fact]
    public void Grafana_finds_the_dashboard_and_Prometheus_its_rules()
    {
        var provider = Repository.Yaml($"{Folder}/provisioning/dashboards/cloudticks.yaml")["providers"][0]["options"]["path"].ToString();
        var rules = Repository.Yaml($"{Folder}/prometheus.yaml")["rule_files"][0].ToString();

        Mounts().ShouldContain(mount => mount.Target.StartsWith(provider + "/", StringComparison.Ordinal));
        Mounts().ShouldContain(mount => mount.Target == rules);
    }

    [Fact]
    public void Data_sources_take_their_secrets_from_the_environment()
    {
        var sources = (YamlSequenceNode)Repository.Yaml($"{Folder}/provisioning/datasources/cloudticks.yaml")["datasources"];
        var used = Repository.Json("infra/telemetry/grafana-dashboard.json")["templating"]!["list"]!.AsArray()
            .Where(variable => variable!["type"]!.GetValue<string>() == "datasource")
            .Select(variable => variable!["query"]!.GetValue<string>());
        var environment = ((YamlMappingNode)Services["grafana"]["environment"]).Children.Keys.Select(key => key.ToString()).ToList();

        sources.Select(source => source["type"].ToString()).ShouldBe(used, ignoreOrder: true);
        environment.ShouldContain(sources[1]["url"].ToString().TrimStart('$'));
        environment.ShouldContain(sources[1]["jsonData"]["database"].ToString().TrimStart('$'));
        environment.ShouldContain(sources[1]["secureJsonData"]["password"].ToString().TrimStart('$'));
    }

    private static IEnumerable<(string Source, string Target)> Mounts() =>
        from service in Services.Children.Values
        from volume in (YamlSequenceNode)service["volumes"]
        let parts = volume.ToString().Split(':')
        select (parts[0], parts[1]);
}
