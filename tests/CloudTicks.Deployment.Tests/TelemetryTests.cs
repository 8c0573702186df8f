using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CloudTicks.Deployment.Tests;

/// <summary>What the pages of docs, the alerts and the dashboards say about our telemetry, compared with what the services emit.</summary>
public sealed partial class TelemetryTests
{
    private const string RulesFile = "infra/telemetry/alert-rules.yaml";
    private const string DashboardFile = "infra/telemetry/grafana-dashboard.json";

    private static readonly Dictionary<string, string> PrometheusUnits =
        new() { ["s"] = "seconds", ["By"] = "bytes", ["h"] = "hours", ["By/h"] = "bytes_per_hour" };

    /// <summary>The name, kind and unit of each instrument in the code.</summary>
    private static readonly HashSet<(string Name, string Kind, string Unit)> Instruments =
    [
        .. Repository.Files("src", "*.cs").Concat(Repository.Files("ServiceDefaults", "*.cs"))
            .SelectMany(path => InstrumentCreation().Matches(Repository.Text(path)))
            .Select(match => (match.Groups["name"].Value, match.Groups["kind"].Value.ToLowerInvariant(),
                Quoted().Matches(match.Groups["rest"].Value)[^2].Groups[1].Value)),
    ];

    [Fact]
    public void Document_lists_every_instrument()
    {
        var documented = DocumentedInstrument().Matches(Repository.Text("docs/telemetry.md"))
            .Select(match => (match.Groups["name"].Value, match.Groups["kind"].Value.Replace("-", "", StringComparison.Ordinal)
                .Replace(" ", "", StringComparison.Ordinal), match.Groups["unit"].Value));

        Instruments.Count.ShouldBeGreaterThan(100);
        documented.ShouldBe(Instruments, ignoreOrder: true);
    }

    [Fact]
    public void Every_unit_has_a_known_Prometheus_suffix() =>
        Instruments.Select(instrument => instrument.Unit).Where(unit => !unit.StartsWith('{')).ShouldBeSubsetOf(PrometheusUnits.Keys);

    [Theory]
    [InlineData(DashboardFile)]
    [InlineData(RulesFile)]
    public void Dashboard_and_alerts_query_existing_labels(string file)
    {
        var created = Repository.Files("src", "*.cs").Concat(Repository.Files("ServiceDefaults", "*.cs")).Select(Repository.Text)
            .Where(text => text.Contains("using System.Diagnostics.Metrics;", StringComparison.Ordinal))
            .SelectMany(text => CreatedTag().Matches(text)).Select(match => match.Groups["tag"].Value);
        var queried = QueriedLabels().Matches(Repository.Text(file))
            .SelectMany(match => match.Groups["label"].Value.Split(',', StringSplitOptions.TrimEntries));

        // Labels that Prometheus adds: histogram bounds and the service's name.
        queried.Distinct().ShouldBeSubsetOf(created.Concat(["le", "job"]));
    }

    [Theory]
    [InlineData(DashboardFile, 15)]
    [InlineData(RulesFile, 10)]
    public void Dashboard_and_alerts_query_existing_instruments(string file, int minCount)
    {
        var names = Instruments.SelectMany(PrometheusNames).ToHashSet();
        var queried = QueriedMetric().Matches(Repository.Text(file)).Select(match => match.Value).Distinct().ToList();

        queried.Count.ShouldBeGreaterThanOrEqualTo(minCount);
        queried.ShouldBeSubsetOf(names);
    }

    [Theory]
    [InlineData(DashboardFile)]
    [InlineData(RulesFile)]
    public void Dashboard_and_alerts_show_known_missing_ticks(string file) =>
        QueriedMetric().Matches(Repository.Text(file)).Select(match => match.Value)
            .ShouldContain("cloudticks_collector_gaps_missing_ticks");

    [Fact]
    public void Alerts_are_rules_that_say_what_to_do()
    {
        var groups = (YamlSequenceNode)Repository.Yaml(RulesFile)["groups"];
        var rules = groups.SelectMany(group => (YamlSequenceNode)group["rules"]).ToList();

        rules.Select(rule => rule["alert"].ToString()).ShouldBeUnique();
        rules.ShouldAllBe(rule => rule["expr"].ToString().Length > 0 && rule["annotations"]["summary"].ToString().Length > 0
            && rule["annotations"]["cure"].ToString().Length > 0);
        rules.ShouldAllBe(
            rule => rule["expr"].ToString().Count(letter => letter == '(') == rule["expr"].ToString().Count(letter => letter == ')'));
    }

    [Fact]
    public void Dashboard_has_a_query_in_each_panel()
    {
        var panels = Repository.Json(DashboardFile)["panels"]!.AsArray();

        panels.Select(panel => panel!["id"]!.GetValue<int>()).ShouldBeUnique();
        panels.ShouldAllBe(panel => panel!["targets"]!.AsArray().Count > 0 && panel["title"]!.GetValue<string>().Length > 0);
    }

    /// <summary>Names as Prometheus's OTLP receiver writes them.</summary>
    private static IEnumerable<string> PrometheusNames((string Name, string Kind, string Unit) instrument)
    {
        var name = instrument.Name.Replace('.', '_');
        if (PrometheusUnits.TryGetValue(instrument.Unit, out var unit)
            && (unit.Contains("_per_", StringComparison.Ordinal) || !name.Split('_').Contains(unit)))
        {
            name += $"_{unit}";
        }

        return instrument.Kind switch
        {
            "counter" => [$"{name}_total"],
            "histogram" => [$"{name}_bucket", $"{name}_sum", $"{name}_count"],
            _ => [name],
        };
    }

    [GeneratedRegex("""
        Create(?:Observable)?(?<kind>Counter|Gauge|Histogram|UpDownCounter)(?:<\w+>)?\(\s*"(?<name>(?:cloudticks|eventhub)\.[a-z_.]+)"(?<rest>.*?)\);
        """, RegexOptions.Singleline)]
    private static partial Regex InstrumentCreation();

    [GeneratedRegex("""
        (?<!\$)"((?:[^"\\]|\\.)*)"
        """)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| `(?<name>[a-z_.]+)` \| (?<kind>[a-z -]+) \| `(?<unit>[^`]+)` \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex DocumentedInstrument();

    [GeneratedRegex("""
        new(?:\s*KeyValuePair<string, object\?>)?\("(?<tag>[a-z_]+)",
        """)]
    private static partial Regex CreatedTag();

    [GeneratedRegex(@"by \((?<label>[^)]+)\)|\{(?<label>[a-z_]+)[!=]")]
    private static partial Regex QueriedLabels();

    [GeneratedRegex(@"\b(?:cloudticks|eventhub)_[a-z_]+")]
    private static partial Regex QueriedMetric();
}
