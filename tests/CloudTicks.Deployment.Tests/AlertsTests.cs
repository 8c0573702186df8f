using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

public sealed partial class AlertsTests
{
    private static readonly BicepFile Alerts = BicepFile.Of("infra/modules/alerts.bicep");

    private static readonly string Guide = Repository.Text("docs/deploy.md");

    private static IReadOnlyList<string> Names => [.. RuleName().Matches(Alerts.Code).Select(match => match.Groups[1].Value)];

    [Fact]
    public void Meters_of_the_alerts_exist_in_the_services()
    {
        var created = Repository.Files("src", "*.cs").SelectMany(path => InstrumentCreation().Matches(Repository.Text(path)))
            .Select(match => match.Groups[1].Value).ToHashSet();
        var queried = QueriedMetric().Matches(Alerts.Code).Select(match => match.Groups[1].Value).Distinct().ToList();

        queried.Count.ShouldBeGreaterThan(8);
        queried.ShouldBeSubsetOf(created);
    }

    [Fact]
    public void Each_alert_is_explained_and_nothing_else_is()
    {
        var explained = ExplainedAlert().Matches(Guide).Select(match => match.Groups[1].Value);

        explained.ShouldBe(Names, ignoreOrder: true);
    }

    [Theory]
    [InlineData("no-ticks")]
    [InlineData("table-lag")]
    [InlineData("database-disk")]
    [InlineData("spool-fills")]
    [InlineData("old-gaps")]
    [InlineData("retention")]
    public void Critical_conditions_have_alerts(string alert) => Names.ShouldContain(alert);

    [Fact]
    public void Services_export_delta_metrics_over_OTLP()
    {
        SettingsTests.FunctionsSettings.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
        SettingsTests.CollectorSettings.ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
        // With delta temporality, a sum over a window contains only what was recorded within the window.
        foreach (var file in (string[])["functions", "collector", "simulator"])
        {
            BicepFile.Of($"infra/modules/{file}.bicep").Code.ShouldMatch(
                @"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE(: |'\n\s+value: )'delta'");
        }
    }

    [GeneratedRegex(@"^    name: '([a-z-]+)'$", RegexOptions.Multiline)]
    private static partial Regex RuleName();

    [GeneratedRegex("""
        "(cloudticks\.[a-z_.]+)"
        """)]
    private static partial Regex QueriedMetric();

    [GeneratedRegex("""
        Create\w+(?:<\w+>)?\(\s*"(cloudticks\.[a-z_.]+)"
        """)]
    private static partial Regex InstrumentCreation();

    [GeneratedRegex(@"^\| `([a-z-]+)` \(severity \d\) \|", RegexOptions.Multiline)]
    private static partial Regex ExplainedAlert();
}
