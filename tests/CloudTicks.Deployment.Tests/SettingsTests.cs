using System.Reflection;
using System.Text.RegularExpressions;
using CloudTicks.CentralHub.Access;
using CloudTicks.EventStream;
using CloudTicks.Timescale;
using Microsoft.Extensions.Configuration;
using ServiceDefaults.Clients;

namespace CloudTicks.Deployment.Tests;

/// <summary>The settings that deployments pass to services, compared with those that the services read.</summary>
public sealed partial class SettingsTests
{
    /// <summary>Settings that the platform reads instead of our services.</summary>
    private static readonly string[] PlatformSettings =
    [
        "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri",
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId", "APPLICATIONINSIGHTS_CONNECTION_STRING", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "TELEMETRY_CONFIGURATION",
        "Kestrel__Certificates__Default__Path", "Kestrel__Certificates__Default__KeyPath", "SSL_CERT_FILE",
    ];

    /// <summary>The names of a connection's identity settings; the Functions runtime defines them.</summary>
    private static readonly string[] IdentityNames = ["fullyQualifiedNamespace", "credential", "clientId"];

    private static readonly Dictionary<string, string> OptionTypes = new()
    {
        ["Collector"] = "CloudTicks.Collection.CollectorOptions",
        ["Polygon"] = "CloudTicks.Polygon.Sessions.PolygonOptions",
        ["Simulator"] = "CloudTicks.Simulator.SimulatorOptions",
        ["Timescale"] = "CloudTicks.Timescale.TimescaleOptions",
        ["DbCommand"] = "CloudTicks.Functions.DbCommands.DbCommandOptions",
        ["Dashboard"] = "CloudTicks.Dashboard.DashboardOptions",
        ["Relay"] = "CloudTicks.Relay.RelayOptions",
        ["Access"] = "CloudTicks.Functions.Access.AccessOptions",
        ["Listening"] = "ServiceDefaults.Access.ListeningOptions",
        ["EventStream__EventHubs"] = "CloudTicks.EventStream.Pacing.EventHubsOptions",
        ["EventStream__Producer"] = "CloudTicks.EventStream.Producing.RecordProducerOptions",
    };

    public static IReadOnlyList<string> FunctionsSettings { get; } = AppSettings();

    public static IReadOnlyList<string> CollectorSettings { get; } = Variables("infra/modules/collector.bicep");

    public static IReadOnlyList<string> SimulatorSettings { get; } = Variables("infra/modules/simulator.bicep");

    public static IReadOnlyList<string> DashboardSettings { get; } = Variables("infra/modules/dashboard.bicep");

    public static IReadOnlyList<string> RelaySettings { get; } = Variables("infra/modules/relay.bicep");

    public static TheoryData<string> Settings => [.. FunctionsSettings.Concat(CollectorSettings).Concat(SimulatorSettings)
        .Concat(DashboardSettings).Concat(RelaySettings).Concat(Repository.Files("src", "Dockerfile").SelectMany(DockerVariables))
        .Concat(ScaleFiles.Containers.Where(container => container.Dockerfile is not null).SelectMany(container => container.Variables))
        .Distinct().Except(PlatformSettings)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_setting_is_read_by_a_service(string setting)
    {
        // The setting may be an entry of a list.
        setting = NumberAtTheEnd().Replace(setting, "");
        var separatorAt = setting.LastIndexOf("__", StringComparison.Ordinal);
        var (section, name) = separatorAt > 0 ? (setting[..separatorAt], setting[(separatorAt + 2)..]) : ("", setting);
        if (section == EventStreamServiceCollectionExtensions.ConnectionName)
        {
            IdentityNames.ShouldContain(name);
        }
        else if (OptionTypes.TryGetValue(section, out var options))
        {
            Type(options).GetProperty(name).ShouldNotBeNull(setting);
        }

        Repository.Text("docs/configuration.md")
            .ShouldContain(section == EventStreamServiceCollectionExtensions.ConnectionName ? $"{section}__{IdentityNames[0]}" : setting);
    }

    [Fact]
    public void Functions_get_all_required_settings() => new[]
    {
        $"ConnectionStrings__{TimescaleServiceCollectionExtensions.ConnectionName}", "ConnectionStrings__nats",
        AccessKey.FirstWriterVariable, ServiceKey.Variable,
        "CentralHub__Endpoint", "DbCommand__FeedName", "AzureWebJobsStorage__blobServiceUri",
    }.ShouldBeSubsetOf(FunctionsSettings);

    [Fact]
    public void Collector_gets_its_settings_and_only_its_secrets()
    {
        new[] { "POLYGON_API_KEY", ServiceKey.Variable, "CentralHub__Endpoint", "eventhubs__fullyQualifiedNamespace",
            "Collector__DataFolder", "Collector__FeedName" }
            .ShouldBeSubsetOf(CollectorSettings);
        CollectorSettings.ShouldNotContain(AccessKey.FirstWriterVariable);
        CollectorSettings.ShouldNotContain("ConnectionStrings__timescale");
    }

    [Fact]
    public void Dashboard_gets_only_a_readers_key()
    {
        new[] { ServiceKey.Variable, "ConnectionStrings__nats", "Dashboard__Functions", "Dashboard__Collectors__0" }.ShouldBeSubsetOf(
            DashboardSettings);
        DashboardSettings.ShouldNotContain(AccessKey.FirstWriterVariable);
        BicepFile.Of("infra/modules/dashboard.bicep").Code.ShouldNotContain("hubWriter");
    }

    [Fact]
    public void Relay_gets_no_feed_key_and_no_writers_key()
    {
        new[] { ServiceKey.Variable, "CentralHub__Endpoint", "ConnectionStrings__timescale", "eventhubs__fullyQualifiedNamespace" }
            .ShouldBeSubsetOf(RelaySettings);
        RelaySettings.ShouldNotContain(AccessKey.FirstWriterVariable);
        RelaySettings.ShouldNotContain("POLYGON_API_KEY");
        BicepFile.Of("infra/modules/relay.bicep").Code.ShouldContain("secretNames.timescaleReader");
    }

    [Fact]
    public void Identity_of_the_services_needs_no_event_hubs_key()
    {
        var supplied = CollectorSettings.Concat(FunctionsSettings)
            .Where(setting => setting.StartsWith("eventhubs__", StringComparison.Ordinal)).Distinct()
            .ToDictionary(setting => setting.Replace("__", ":", StringComparison.Ordinal), setting =>
                (string?)(setting.EndsWith("Namespace", StringComparison.Ordinal) ? "evhns-1-polygon.servicebus.windows.net" : "value"));

        var text = EventStreamServiceCollectionExtensions.ConnectionStringOf(
            new ConfigurationBuilder().AddInMemoryCollection(supplied).Build(), EventStreamServiceCollectionExtensions.ConnectionName);

        supplied.Keys.ShouldBe(IdentityNames.Select(name => $"eventhubs:{name}"), ignoreOrder: true);
        text.ShouldNotBeNull().ShouldNotContain("Key");
        EventStreamConnection.Parse(text).EventHubsNamespace.ShouldBe("evhns-1-polygon");
    }

    [Fact]
    public void Outputs_have_the_names_of_the_settings()
    {
        // Our names are in the spelling of environment variables; the others are for azd.
        var outputs = BicepFile.Main.Outputs.Where(output => output.Contains("__", StringComparison.Ordinal)).ToList();

        outputs.ShouldBe(
        [
            "CentralHub__Endpoint", $"{EventStreamServiceCollectionExtensions.ConnectionName}__fullyQualifiedNamespace",
            $"ConnectionStrings__{TimescaleServiceCollectionExtensions.ConnectionName}", "ConnectionStrings__nats",
        ], ignoreOrder: true);
        outputs.ShouldBeSubsetOf(FunctionsSettings);
    }

    [Fact]
    public void Ports_match_the_listening_ports_of_the_images()
    {
        foreach (var service in (string[])["Collector", "Dashboard", "Relay", "Simulator"])
        {
            var port = Exposed().Match(Repository.Text($"src/CloudTicks.{service}/Dockerfile")).Groups[1].Value;
            var code = BicepFile.Of($"infra/modules/{service.ToLowerInvariant()}.bicep").Code;

            code.ShouldContain($"targetPort: {port}\n");
            ProbePort().Matches(code).Select(match => match.Groups[1].Value).Distinct().ShouldBe([port]);
            ProbePath().Matches(code).Select(match => match.Groups[1].Value).ShouldBeSubsetOf(["/alive", "/health"]);
        }
    }

    [Fact]
    public void Services_behind_Azures_front_end_require_keys()
    {
        foreach (var settings in new[] { CollectorSettings, DashboardSettings, RelaySettings, SimulatorSettings })
        {
            settings.ShouldContain("Listening__RequireKeys");
        }
    }

    private static Type Type(string name) =>
        Repository.Files("src", "*.csproj").Append("ServiceDefaults/ServiceDefaults.csproj").Select(Path.GetFileNameWithoutExtension)
            .Where(assembly => name.StartsWith($"{assembly}.", StringComparison.Ordinal))
            .Select(assembly => Assembly.Load(assembly!).GetType(name)).OfType<Type>().Single();

    private static IReadOnlyList<string> AppSettings()
    {
        var code = BicepFile.Of("infra/modules/functions.bicep").Code;
        return BicepFile.KeysOf("properties", code[code.IndexOf("resource settings ", StringComparison.Ordinal)..]);
    }

    private static IReadOnlyList<string> Variables(string path) =>
        [.. VariableName().Matches(BicepFile.Of(path).Code).Select(match => match.Groups[1].Value)];

    private static IEnumerable<string> DockerVariables(string path) =>
        DockerVariable().Matches(Repository.Text(path)).Select(match => match.Groups[1].Value)
            .Where(name => name.Contains("__", StringComparison.Ordinal));

    [GeneratedRegex(@"name: '(\w+__\w+|[A-Z]+_[A-Z_]+)'")]
    private static partial Regex VariableName();

    [GeneratedRegex(@"__\d+$")]
    private static partial Regex NumberAtTheEnd();

    [GeneratedRegex(@"^(?:ENV|   ) (\w+)=", RegexOptions.Multiline)]
    private static partial Regex DockerVariable();

    [GeneratedRegex(@"^EXPOSE (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Exposed();

    [GeneratedRegex(@"\bport: (\w+)")]
    private static partial Regex ProbePort();

    [GeneratedRegex(@"\bpath: '([^']+)'")]
    private static partial Regex ProbePath();
}
