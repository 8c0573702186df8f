using System.Text.RegularExpressions;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.Deployment.Tests;

public sealed partial class BicepTests
{
    /// <summary>
    /// The least privileged roles that suffice, by id. None of them permits changing access rights or reading other resources' keys.
    /// </summary>
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["2b629674-e913-4c01-ae53-ef4638d8f975"] = "Azure Event Hubs Data Sender",
        ["a638d3c7-ab3a-418d-83e6-5f17a39d4fde"] = "Azure Event Hubs Data Receiver",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    public static TheoryData<string> Files => [.. BicepFile.All.Select(file => file.Path)];

    [Fact]
    public void Every_module_is_used()
    {
        var used = BicepFile.All.SelectMany(file => file.Modules).Select(module => module.Path).ToHashSet();

        BicepFile.All.Select(file => file.Path).Where(path => path != BicepFile.Main.Path).ShouldBeSubsetOf(used);
        used.ShouldAllBe(path => File.Exists(Repository.PathOf(path)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Module_gets_its_parameters_and_no_others(string path)
    {
        foreach (var module in BicepFile.Of(path).Modules)
        {
            var parameters = BicepFile.Of(module.Path).Parameters;

            module.ParameterNames.ShouldBeSubsetOf(parameters.Select(parameter => parameter.Name), module.Path);
            parameters.Where(parameter => !parameter.HasDefault).Select(parameter => parameter.Name)
                .ShouldBeSubsetOf(module.ParameterNames, module.Path);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Used_outputs_exist_in_their_module(string path)
    {
        var file = BicepFile.Of(path);
        foreach (Match match in ModuleOutput().Matches(file.Code))
        {
            var module = file.Modules.SingleOrDefault(module => module.Name == match.Groups[1].Value).ShouldNotBeNull(match.Value);
            BicepFile.Of(module.Path).Outputs.ShouldContain(match.Groups[2].Value, module.Path);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Parameters_and_variables_are_used(string path)
    {
        var code = BicepFile.Of(path).Code;
        foreach (Match match in Declaration().Matches(code))
        {
            Regex.Count(code, $@"\b{match.Groups[1].Value}\b").ShouldBeGreaterThan(1, match.Value);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Brackets_are_closed(string path)
    {
        var code = Texts().Replace(BicepFile.Of(path).Code, "");

        foreach (var (open, close) in (ReadOnlySpan<(char, char)>)[('{', '}'), ('[', ']'), ('(', ')')])
        {
            code.Count(letter => letter == open).ShouldBe(code.Count(letter => letter == close), $"{open}{close}");
        }
    }

    [Fact]
    public void Resource_type_has_one_API_version()
    {
        var versions = BicepFile.All.SelectMany(file => ResourceType().Matches(file.Code))
            .Select(match => (Type: match.Groups[1].Value, Version: match.Groups[2].Value)).Distinct().ToList();

        versions.Count.ShouldBeGreaterThan(20);
        versions.Select(resource => resource.Type).ShouldBeUnique();
    }

    [Fact]
    public void Event_hubs_match_the_topics_of_the_source()
    {
        var hubs = BicepFile.Of("infra/modules/event-hubs.bicep");

        hubs.Values("name").Where(name => name.StartsWith("tick_", StringComparison.Ordinal))
            .ShouldBe([TopicNames.TickArchive, TopicNames.DeadLetters]);
        hubs.Code.ShouldContain($"var archivePartitions = {ArchiveTopics.ArchivePartitions}\n");
        ConsumerGroup().Matches(hubs.Code).Select(match => match.Groups[1].Value).ShouldBe([ConsumerGroups.Timescale, ConsumerGroups.Nats]);
    }

    [Fact]
    public void Every_hub_is_captured_and_captures_are_never_deleted()
    {
        var hubs = BicepFile.Of("infra/modules/event-hubs.bicep").Code;
        var storage = BicepFile.Of("infra/modules/storage.bicep").Code;

        Regex.Count(hubs, "captureDescription: capture\n").ShouldBe(Regex.Count(hubs, "'Microsoft.EventHub/namespaces/eventhubs@"));
        hubs.ShouldContain("encoding: 'Avro'");
        storage.ShouldContain("tierToCool");
        storage.ShouldNotContain("actions: {\n              baseBlob: {\n                delete:");
    }

    [Fact]
    public void Roles_are_minimal_and_all_assigned()
    {
        var roleIds = BicepFile.All.SelectMany(file => Id().Matches(file.Code)).Select(match => match.Value).ToHashSet();

        roleIds.ShouldBe(Roles.Keys, ignoreOrder: true);
    }

    [Fact]
    public void No_secret_is_stored_or_printed()
    {
        foreach (var file in BicepFile.All)
        {
            file.Parameters.Where(parameter => Secret().IsMatch(parameter.Name) && parameter.Type == "string")
                .ShouldAllBe(parameter => parameter.IsSecure, file.Path);
            SecretLiteral().Matches(file.Code).Select(match => match.Value).Where(value => !Roles.Keys.Any(value.Contains))
                .ShouldBeEmpty(file.Path);
            var secure = file.Parameters.Where(parameter => parameter.IsSecure).Select(parameter => parameter.Name).ToList();
            OutputLine().Matches(file.Code).Select(match => match.Value)
                .ShouldAllBe(line => !secure.Exists(name => Regex.IsMatch(line, $@"\b{name}\b")), file.Path);
        }
    }

    [Fact]
    public void Keys_are_disabled_where_a_managed_identity_suffices()
    {
        BicepFile.Of("infra/modules/event-hubs.bicep").Code.ShouldContain("disableLocalAuth: true");
        BicepFile.Of("infra/modules/registry.bicep").Code.ShouldContain("adminUserEnabled: false");
        // Container apps can mount file shares only with an account key, so one account has keys enabled and one module reads its key.
        Regex.Count(BicepFile.Of("infra/modules/storage.bicep").Code, "allowSharedKeyAccess: true").ShouldBe(1);
        BicepFile.All.Where(file => file.Code.Contains("listKeys", StringComparison.Ordinal)).Select(file => file.Path)
            .ShouldBe(["infra/modules/apps-environment.bicep"]);
    }

    [Fact]
    public void Database_has_timescaledb_and_no_public_address()
    {
        var code = BicepFile.Of("infra/modules/postgres.bicep").Code;

        code.ShouldContain("name: 'azure.extensions'\n  properties: {\n    value: 'TIMESCALEDB'");
        code.ShouldContain("name: 'shared_preload_libraries'\n  properties: {\n    value: 'timescaledb'");
        code.ShouldContain("delegatedSubnetResourceId: subnetId");
        code.ShouldContain("privateDnsZoneArmResourceId: dnsZoneId");
    }

    [Fact]
    public void Each_volume_has_a_file_share()
    {
        var shares = ShareNames().Match(BicepFile.Of("infra/modules/storage.bicep").Code).Groups[1].Value.Split(", ")
            .Select(name => name.Trim('\'')).ToList();
        var nodes = NodeNames().Match(BicepFile.Of("infra/modules/nats.bicep").Code).Groups[1].Value.Split(", ")
            .Select(name => name.Trim('\''));

        nodes.Count().ShouldBe(3);
        shares.ShouldBe([.. nodes.Prepend("collector-${feed}")], ignoreOrder: true);
        BicepFile.Of("infra/modules/collector.bicep").Code.ShouldContain("storageName: 'collector-${feed}'");
        BicepFile.Of("infra/modules/nats-node.bicep").Code.ShouldContain("storageName: name");
    }

    [Fact]
    public void Collectors_differ_by_their_name_and_folder_alone()
    {
        var first = BicepFile.Main.Modules.Single(module => module.Name == "collector").Parameters.ToDictionary();
        var more = BicepFile.Main.Modules.Single(module => module.Name == "moreCollectors").Parameters.ToDictionary();
        var code = BicepFile.Of("infra/modules/collector.bicep").Code;

        more.Where(parameter => first[parameter.Key] != parameter.Value).Select(parameter => parameter.Key)
            .ShouldBe(["name", "isServiceOfAzd"]);
        code.ShouldContain("name: 'Collector__DataFolder'\n              value: '/data/${name}'");
        code.ShouldContain("name: 'Collector__InstanceId'\n    value: name");
        BicepFile.Of("infra/modules/collector-group.bicep").Code.ShouldContain("name: 'collector_control.${group}'");
    }

    [GeneratedRegex(@"\b(\w+)\.outputs\.(\w+)")]
    private static partial Regex ModuleOutput();

    [GeneratedRegex(@"^(?:param|var) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"'''.*?'''|'[^'\n]*'", RegexOptions.Singleline)]
    private static partial Regex Texts();

    [GeneratedRegex(@"^resource \w+ '([\w./]+)@([\w-]+)'", RegexOptions.Multiline)]
    private static partial Regex ResourceType();

    [GeneratedRegex(@"consumergroups@[\d-]+' = \{\n  parent: tickArchive\n  name: '(\w+)'")]
    private static partial Regex ConsumerGroup();

    [GeneratedRegex(@"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")]
    private static partial Regex Id();

    [GeneratedRegex("(?i)password|apikey|seed|simulatorkey|secret$")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(?i)(?!secretRef)(password|apikey|secret|token|key)\w*(: |\s*=\s*)'[^'$@]{8,}'")]
    private static partial Regex SecretLiteral();

    [GeneratedRegex(@"^output .*$", RegexOptions.Multiline)]
    private static partial Regex OutputLine();

    [GeneratedRegex(@"var shareNames = \[(.*)\]")]
    private static partial Regex ShareNames();

    [GeneratedRegex(@"var nodes = \[(.*)\]")]
    private static partial Regex NodeNames();
}
