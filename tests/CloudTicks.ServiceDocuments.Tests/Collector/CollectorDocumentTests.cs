using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Tests.Collector;

public class CollectorDocumentTests
{
    private static readonly ServiceDocument Collector = KnownServices.Documents.Find(ServiceNames.Collector)!;
    private static readonly NamedLists Lists = new(null);

    [Fact]
    public async Task Check_defaults_of_every_service_are_valid()
    {
        foreach (var service in KnownServices.Documents.All)
        {
            (await service.CheckAsync(service.Defaults(), Lists, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("""{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""")]
    [InlineData("""{"operational":{"symbols":["EUR/USD","BRK.A","BACpL","X:BTC-USD","O:SPY251219C00650000"],"feed":"both"}}""")]
    [InlineData("""{"operational":{"symbols":[],"lists":["SP_500"],"underlyings":["SPY"],"max_expiry_days":7,"option_type":"call"}}""")]
    [InlineData(
        """{"operational":{"batch_interval":0.25,"backfill":false,"backfill_delay":1200,"backfill_look_back":0.5,"spool_max_bytes":1e9,"rate_limit_per_second":5.0}}""")]
    [InlineData("""{"operational":{"on_demand":[{"symbol":"IBM"},{"symbol":"AAPL","idle":true}]}}""")]
    [InlineData("""{"operational":null}""")]
    [InlineData(
        """
        {"operational":{"rollouts":[{"flag":"big","list":"nasdaq-100","guard":{"window":60,"max_refused_ticks":10,"max_feed_latency_ms":250.5}}]},
         "feature_management":{"feature_flags":[{"id":"big","description":"The big ones, step by step.","enabled":true,"conditions":{"requirement_type":"All","client_filters":[
          {"name":"Microsoft.TimeWindow","parameters":{"Start":"2026-01-05T14:30:00Z","End":"Tue, 05 Jan 2027 14:30:00 GMT"}},
          {"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["AAPL"],"Groups":[{"Name":"dow-30","RolloutPercentage":50}],"DefaultRolloutPercentage":12.5,"Exclusion":{"Users":["TSLA"]}}}}]}}]}}
        """)]
    public async Task Valid_document_has_no_faults(string patch) => (await FaultsAsync(patch)).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"operational":{"simbols":["EURUSD"]}}""", "/operational/simbols", "did you mean symbols?")]
    [InlineData("""{"operationl":{}}""", "/operationl", "did you mean operational?")]
    [InlineData(
        """{"operational":{"Rate_Limit_Per_Second":5}}""", "/operational/Rate_Limit_Per_Second", "did you mean rate_limit_per_second?")]
    [InlineData("""{"operational":{"symbols":["EURUSD","EUR USD"]}}""", "/operational/symbols/1", "'EUR USD'")]
    [InlineData("""{"operational":{"symbols":["EURUSD","C:"]}}""", "/operational/symbols/1", "not a symbol")]
    [InlineData("""{"operational":{"symbols":["aapl"]}}""", "/operational/symbols/0", "Did you mean AAPL? To accept symbols as written, add --force")]
    [InlineData("""{"operational":{"symbols":["EURUDS"]}}""", "/operational/symbols/0", "Did you mean EURUSD?")]
    [InlineData("""{"operational":{"underlyings":["spy"]}}""", "/operational/underlyings/0", "Did you mean SPY?")]
    [InlineData("""{"operational":{"symbols":["EURUSD",7]}}""", "/operational/symbols/1", "It is 7 instead of a string.")]
    [InlineData("""{"operational":{"symbols":["EURUSD","AAPL","EUR/USD"]}}""", "/operational/symbols/2",
        "a duplicate of EURUSD at /operational/symbols/0")]
    [InlineData("""{"operational":{"symbols":"EURUSD"}}""", "/operational/symbols", "the string 'EURUSD' instead of an array")]
    [InlineData("""{"operational":{"on_demand":[{"symbol":"IBM"},{"symbol":"C:"}]}}""", "/operational/on_demand/1/symbol", "not a symbol")]
    [InlineData("""{"operational":{"on_demand":[{"symbol":"aapl"}]}}""", "/operational/on_demand/0/symbol", "Did you mean AAPL?")]
    [InlineData("""{"operational":{"symbols":[]}}""", "/operational/symbols", "Nothing would be collected")]
    [InlineData("""{"operational":{"symbols":null}}""", "/operational/rollouts", "Nothing would be collected")]
    [InlineData("""{"operational":{"lists":["nasdaq100","sp-50"]}}""", "/operational/lists/1", "did you mean sp-500?")]
    [InlineData("""{"operational":{"underlyings":["O:SPY251219C00650000"]}}""", "/operational/underlyings/0", "not a stock")]
    [InlineData(
        """{"operational":{"rate_limit_per_second":0}}""", "/operational/rate_limit_per_second", "It is 0; the allowed range is 1 to 1,000.")]
    [InlineData("""{"operational":{"rate_limit_per_second":5.5}}""", "/operational/rate_limit_per_second", "instead of an integer")]
    [InlineData("""{"operational":{"rate_limit_per_second":1e400}}""", "/operational/rate_limit_per_second", "too large")]
    [InlineData("""{"operational":{"backfill":"yes"}}""", "/operational/backfill", "true or false")]
    [InlineData("""{"operational":{"feed":"quote"}}""", "/operational/feed", "did you mean quotes?")]
    [InlineData("""{"operational":{"feed":"trades"}}""", "/operational/symbols/13", "XAGUSD has no trades")]
    [InlineData("""{"operational":{"feed":"trades","symbols":[],"lists":["metals"]}}""", "/operational/feed", "Nothing would be collected")]
    [InlineData("""{"operational":[]}""", "/operational", "an array instead of an object")]
    [InlineData(
        """{"operational":{"rollouts":[{"flag":"big","list":"sp-500"}]}}""", "/operational/rollouts/0/flag", "no feature flag 'big'")]
    [InlineData("""{"operational":{"rollouts":[{"flag":"big"}]}}""", "/operational/rollouts/0/list", "'list' is missing")]
    [InlineData(
        """{"operational":{"rollouts":[{"flag":"x","list":"dow-30","guard":{"window":60}}]},"feature_management":{"feature_flags":[{"id":"x"}]}}""", "/operational/rollouts/0/guard", "guards nothing")]
    [InlineData(
        """{"operational":{"rollouts":[{"flag":"x","list":"dow-30","guard":{"window":1,"max_lag_records":5}}]},"feature_management":{"feature_flags":[{"id":"x"}]}}""", "/operational/rollouts/0/guard/window", "5 to 86,400")]
    [InlineData(
        """{"feature_management":{"feature_flags":[{"id":"a"},{"id":"A"}]}}""", "/feature_management/feature_flags/1/id", "exists already")]
    [InlineData("""{"feature_management":{"feature_flags":[{"enabled":true}]}}""", "/feature_management/feature_flags/0/id", "missing")]
    [InlineData(
        """{"feature_management":{"feature_flags":[{"id":"a","conditions":{"client_filters":[{"name":"Microsoft.Percentage","parameters":{"Value":101}}]}}]}}""", "/feature_management/feature_flags/0/conditions/client_filters/0/parameters/Value", "0 to 100")]
    [InlineData(
        """{"feature_management":{"feature_flags":[{"id":"a","conditions":{"client_filters":[{"name":"Microsoft.Targetting"}]}}]}}""",
        "/feature_management/feature_flags/0/conditions/client_filters/0/name", "did you mean Microsoft.Targeting?")]
    [InlineData(
        """{"feature_management":{"feature_flags":[{"id":"a","conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":101}}}]}}]}}""", "/feature_management/feature_flags/0/conditions/client_filters/0/parameters/Audience/DefaultRolloutPercentage", "0 to 100")]
    [InlineData(
        """{"feature_management":{"feature_flags":[{"id":"a","conditions":{"client_filters":[{"name":"Microsoft.TimeWindow","parameters":{"Start":"2026-02-01T00:00:00Z","End":"2026-01-01T00:00:00Z"}}]}}]}}""", "/feature_management/feature_flags/0/conditions/client_filters/0/parameters/End", "never opens")]
    [InlineData(
        """{"feature_management":{"feature_flags":[{"id":"a","conditions":{"client_filters":[{"name":"Microsoft.TimeWindow","parameters":{"Start":"soon"}}]}}]}}""", "/feature_management/feature_flags/0/conditions/client_filters/0/parameters/Start", "'soon', which is not a time")]
    [InlineData("""{"feature_management":{"feature_flags":[{"id":"a","allocation":{"default_when_enabled":"Big"}}]}}""",
        "/feature_management/feature_flags/0/allocation/default_when_enabled", "no variant 'Big'")]
    public async Task Check_reports_a_fault_at_its_place(string patch, string place, string part)
    {
        var faults = await FaultsAsync(patch);

        faults.ShouldContain(
            fault => fault.Place == place && fault.Detail.Contains(part, StringComparison.Ordinal), string.Join('\n', faults));
    }

    [Fact]
    public async Task Check_reports_all_faults_together()
    {
        var faults = await FaultsAsync(
            """{"operational":{"symbols":["EUR USD","AAPL","AAPL"],"rate_limit":5,"batch_interval":-1,"lists":["nowhere"]},"x/~":1}""");

        faults.Select(fault => fault.Place).ShouldBe(
            ["/operational/symbols/0", "/operational/batch_interval", "/operational/rate_limit", "/x~1~0", "/operational/symbols/2",
                "/operational/lists/0"], ignoreOrder: true);
    }

    [Fact]
    public async Task Check_rollout_users_are_symbols_and_groups_are_known()
    {
        var faults = await FaultsAsync(Rollout(
            """
            {"name":"Targeting","parameters":{"Audience":{"Users":["EUR/USD","EUR USD"],"Groups":[{"Name":"forex","RolloutPercentage":5},{"Name":"forex-major","RolloutPercentage":5}],
             "DefaultRolloutPercentage":0,"Exclusion":{"Groups":["metals","metal"]}}}}
            """));

        faults.Select(fault => fault.Place[(fault.Place.IndexOf("Audience", StringComparison.Ordinal) + 9)..])
            .ShouldBe(["Users/1", "Groups/1/Name", "Exclusion/Groups/1"]);
        faults[1].Detail.ShouldContain("did you mean forex-majors?");
    }

    [Theory]
    [InlineData("""{"Pattern":{"Type":"Weekly","DaysOfWeek":["Monday"]},"Range":{"Type":"NoEnd"}}""", false)]
    [InlineData("""{"Pattern":{"Type":"Weekly"},"Range":{"Type":"NoEnd"}}""", true)]
    [InlineData("""{"Pattern":{"Type":"Weekly","DaysOfWeek":["Tuesday"]},"Range":{"Type":"NoEnd"}}""", true)]
    public async Task Check_reports_faults_found_by_the_flag_library(string recurrence, bool isFault)
    {
        // 2026-01-05 is a Monday.
        var faults = await FaultsAsync(Rollout(
            """{"name":"TimeWindow","parameters":{"Start":"2026-01-05T14:30:00Z","End":"2026-01-05T21:00:00Z","Recurrence":""" + recurrence
                + "}}"));

        faults.Any(fault => fault.Place == "/feature_management/feature_flags").ShouldBe(isFault);
    }

    private static string Rollout(string filter) =>
        $$$"""{"operational":{"rollouts":[{"flag":"a","list":"forex-majors"}]},"feature_management":{"feature_flags":[{"id":"a","enabled":true,"conditions":{"client_filters":[{{{filter}}}]}}]}}""";

    [Fact]
    public async Task Check_document_above_the_size_limit_is_refused()
    {
        var document = Collector.Defaults();
        document["operational"]!["symbols"] = new JsonArray([.. Enumerable.Range(0, 50_000).Select(index => (JsonNode)$"SYM{index}")]);

        (await Collector.CheckAsync(document, Lists, TestContext.Current.CancellationToken))
            .ShouldHaveSingleItem().Detail.ShouldContain("262.1 kB");
    }

    [Fact]
    public async Task Check_accepts_doubtful_symbols_only_of_the_old_document()
    {
        var old = PatchedDefaults("""{"operational":{"symbols":["EURUSD","###"]}}""");
        var newDocument = PatchedDefaults("""{"operational":{"symbols":["###","NOTREAL","EURUSD"],"rate_limit_per_second":7}}""");

        (await Collector.CheckAsync(old, Lists, TestContext.Current.CancellationToken)).ShouldHaveSingleItem();
        (await Collector.CheckAsync(old, old, Lists, TestContext.Current.CancellationToken)).ShouldBeEmpty();
        (await Collector.CheckAsync(newDocument, old, Lists, TestContext.Current.CancellationToken))
            .ShouldHaveSingleItem().Place.ShouldBe("/operational/symbols/1");
        Collector.ToSettings(old)["Collector:Symbols"].ShouldBe("EURUSD,###");
    }

    [Fact]
    public async Task On_demand_symbols_are_collected_with_named_ones()
    {
        var document = PatchedDefaults(
            """{"operational":{"symbols":["AAPL","IBM"],"on_demand":[{"symbol":"IBM"},{"symbol":"MSFT","idle":true}]}}""");

        Collector.ToSettings(document)["Collector:Symbols"].ShouldBe("AAPL,IBM,MSFT");
        var channels = (await CollectedChannels.ReadAsync(
            document, Lists, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken))!;
        foreach (var (name, isSelected) in new[] { ("MSFT", true), ("IBM", true), ("NVDA", false) })
        {
            Symbol.TryParse(name, out var symbol).ShouldBeTrue();
            channels.Selects(symbol).ShouldBe(isSelected, name);
        }
    }

    [Theory]
    [InlineData("", 1_000, true)]
    [InlineData("", 1_001, false)]
    [InlineData(""","max_connections":2""", 2_000, true)]
    public async Task On_demand_contract_needs_room_in_the_plan(string limit, int contracts, bool hasRoom)
    {
        var namedSymbols = string.Join(',', Enumerable.Range(1, contracts - 1).Select(number => $"\"O:SPY251219C{number:00000000}\""));

        var faults = await FaultsAsync(
            $$"""{"operational":{"symbols":[{{namedSymbols}}],"on_demand":[{"symbol":"O:SPY251219P00650000"}]{{limit}} } }""");

        faults.Any(fault => fault.Detail.Contains("The plan has room for 1,000 option contracts", StringComparison.Ordinal))
            .ShouldBe(!hasRoom);
        faults.Count.ShouldBe(hasRoom ? 0 : 1);
    }

    private static JsonObject PatchedDefaults(string patch) => MergePatch.Apply(Collector.Defaults(), JsonNode.Parse(patch))!.AsObject();

    private static Task<IReadOnlyList<DocumentFault>> FaultsAsync(string patch) => Collector.CheckAsync(
        PatchedDefaults(patch), Lists, TestContext.Current.CancellationToken);
}
