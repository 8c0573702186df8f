using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.CentralHub.Rollouts;
using CloudTicks.TestServices;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.CentralHub.Tests.Rollouts;

public sealed class RolloutPlanTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 15, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Evaluate_growing_percentage_keeps_symbols_on()
    {
        var steps = new List<IReadOnlyList<string>>();
        foreach (var percentage in new[] { 0, 1, 5, 10, 25, 50, 75, 99, 100 })
        {
            steps.Add(await FindEnabledSymbolsAsync("nasdaq-100", Percentage(percentage)));
        }

        steps[0].ShouldBeEmpty();
        steps[^1].Count.ShouldBe(101);
        foreach (var (before, after) in steps.Zip(steps.Skip(1)))
        {
            before.Except(after).ShouldBeEmpty();
        }

        // Symbols are selected by hash, so a rollout to 50 % selects only about half of the symbols.
        steps[5].Count.ShouldBeInRange(30, 70);
    }

    [Fact]
    public void Evaluate_any_larger_percentage_includes_the_smaller()
    {
        var flags = Gen.ArrayOf(Gen.Elements("abcdefghijklmnopqrstuvwxyz0123456789-_.ABC".ToCharArray()))
            .Where(letters => letters.Length > 0)
            .Select(letters => new string(letters));
        var percentages = Gen.Choose(0, 10_000).Select(hundredths => hundredths / 100.0);
        var cases = (from flag in flags
                     from one in percentages
                     from other in percentages
                     from name in Gen.Elements("Microsoft.Targeting", "Microsoft.Percentage")
                     select (flag, Math.Min(one, other), Math.Max(one, other), name)).ToArbitrary();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(cases, draw =>
        {
            var (flag, small, large, name) = draw;
            var lists = new NamedLists(null);
            var before = Evaluate(Document(flag, "dow-30", Filter(name, small)), lists);
            var after = Evaluate(Document(flag, "dow-30", Filter(name, large)), lists);
            return before.On.All(after.On.Contains) && after.On.Count + after.Off.Count == 30 && before.Off.Count >= after.Off.Count;
        }));
    }

    [Theory]
    [InlineData("EUR/USD")]
    [InlineData("C:EURUSD")]
    [InlineData("EURUSD")]
    public async Task Evaluate_targeting_users_are_symbols_in_any_form(string user)
    {
        var on = await FindEnabledSymbolsAsync("forex-majors",
            $$$$"""{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["{{{{user}}}}"],"DefaultRolloutPercentage":0}}}""");

        on.ShouldBe(["EURUSD"]);
    }

    [Theory]
    [InlineData("stock", 30)]
    [InlineData("stocks", 30)]
    [InlineData("dow-30", 30)]
    [InlineData("forex", 0)]
    [InlineData("nasdaq-100", 0)]
    public async Task Evaluate_targeting_groups_are_market_and_list(string group, int count)
    {
        var on = await FindEnabledSymbolsAsync(
            "DOW 30",
            $$$$"""{"name":"Microsoft.Targeting","parameters":{"Audience":{"Groups":[{"Name":"{{{{group}}}}","RolloutPercentage":100}],"DefaultRolloutPercentage":0}}}""");

        on.Count.ShouldBe(count);
    }

    [Fact]
    public async Task Evaluate_exclusion_has_priority()
    {
        var on = await FindEnabledSymbolsAsync(
            "metals",
            """{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["XAUUSD"],"DefaultRolloutPercentage":100,"Exclusion":{"Users":["XAU/USD","XPDUSD"]}}}}""");

        on.ShouldBe(["XAGUSD", "XPTUSD"]);
        (await FindEnabledSymbolsAsync(
            "metals",
            """{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":100,"Exclusion":{"Groups":["forex"]}}}}"""))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Thu, 15 Jan 2026 15:00:00 GMT", "Thu, 15 Jan 2026 15:00:01 GMT", true)]
    [InlineData("Thu, 15 Jan 2026 15:00:01 GMT", "Thu, 15 Jan 2026 16:00:00 GMT", false)]
    [InlineData("Thu, 15 Jan 2026 14:00:00 GMT", "Thu, 15 Jan 2026 15:00:00 GMT", false)]
    public async Task Evaluate_time_window_is_open_from_start_to_end(string start, string end, bool isOn)
    {
        var window = $$$$"""{"name":"Microsoft.TimeWindow","parameters":{"Start":"{{{{start}}}}","End":"{{{{end}}}}"}}""";

        (await FindEnabledSymbolsAsync("metals", window)).Count.ShouldBe(isOn ? 4 : 0);
        RolloutPlan.Read(Document("f", "metals", window)).DependsOnTime.ShouldBeTrue();
    }

    [Fact]
    public async Task Evaluate_recurring_time_window_opens_every_day()
    {
        var window = """
            {"name":"Microsoft.TimeWindow","parameters":{"Start":"Mon, 05 Jan 2026 14:30:00 GMT","End":"Mon, 05 Jan 2026 21:00:00 GMT",
             "Recurrence":{"Pattern":{"Type":"Daily","Interval":1},"Range":{"Type":"NoEnd"}}}}
            """;

        (await FindEnabledSymbolsAsync("metals", window)).Count.ShouldBe(4);
        (await FindEnabledSymbolsAsync("metals", window, Now.AddHours(7))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Evaluate_requirement_all_limits_percentage_to_the_window()
    {
        var document = Document("f", "nasdaq-100", Filter("Microsoft.Targeting", 50),
            """{"name":"Microsoft.TimeWindow","parameters":{"Start":"Thu, 15 Jan 2026 15:00:00 GMT"}}""");
        document["feature_management"]!["feature_flags"]![0]!["conditions"]!["requirement_type"] = "All";
        var plan = RolloutPlan.Read(document);
        var lists = new NamedLists(null);

        (await plan.EvaluateAsync(lists, Now.AddSeconds(-1), TestContext.Current.CancellationToken))[0].On.ShouldBeEmpty();
        (await plan.EvaluateAsync(lists, Now, TestContext.Current.CancellationToken))[0].On.Select(symbol => symbol.Name)
            .ShouldBe(await FindEnabledSymbolsAsync("nasdaq-100", Percentage(50)));
    }

    [Fact]
    public async Task Evaluate_disabled_flag_is_off_and_keeps_its_percentage()
    {
        var document = Document("f", "metals", Percentage(100));
        document["feature_management"]!["feature_flags"]![0]!["enabled"] = false;

        var state = (await RolloutPlan.Read(document).EvaluateAsync(new NamedLists(null), Now, TestContext.Current.CancellationToken))
            .ShouldHaveSingleItem();

        state.On.ShouldBeEmpty();
        state.Off.Count.ShouldBe(4);
        state.Enabled.ShouldBeFalse();
        state.Percentage.ShouldBe(100);
    }

    [Fact]
    public async Task Evaluate_user_list_is_read_from_its_folder()
    {
        _folder.Write("mine.yaml", "- AAPL\n- BRK.A\n- AAPL\n");
        var plan = RolloutPlan.Read(Document("f", "mine", Percentage(100)));

        var states = await plan.EvaluateAsync(new NamedLists(_folder.Path), Now, TestContext.Current.CancellationToken);

        states[0].On.Select(symbol => symbol.Name).ShouldBe(["AAPL", "BRK.A"]);
        await Should.ThrowAsync<SymbolListException>(
            () => plan.EvaluateAsync(new NamedLists(null), Now, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":101}}}""")]
    [InlineData("""{"name":"Microsoft.Percentage","parameters":{"Value":-1}}""")]
    [InlineData("""{"name":"Browser","parameters":{}}""")]
    [InlineData("""{"name":"Microsoft.TimeWindow","parameters":{"Start":"yesterday"}}""")]
    public async Task Evaluate_invalid_flag_is_named(string filter)
    {
        var problem = await Should.ThrowAsync<FormatException>(() => FindEnabledSymbolsAsync("metals", filter));

        problem.Message.ShouldContain("'f'");
    }

    [Fact]
    public async Task Evaluate_missing_flag_is_named()
    {
        var document = Document("f", "metals", Percentage(1));
        document["operational"]!["rollouts"]![0]!["flag"] = "g";
        var plan = RolloutPlan.Read(document);

        (await Should.ThrowAsync<FormatException>(
            () => plan.EvaluateAsync(new NamedLists(null), Now, TestContext.Current.CancellationToken)))
            .Message.ShouldContain("'g'");
    }

    [Fact]
    public void Read_guard_has_a_default_window_of_five_minutes()
    {
        var document = Document("f", "metals", Percentage(1));
        document["operational"]!["rollouts"]![0]!["guard"] = JsonNode.Parse(
            """{"window":30,"max_refused_ticks":10,"max_missing_acks":0,"max_lag_records":1000,"max_feed_latency_ms":250.5}""");
        RolloutPlan.Read(document).Rollouts[0].Guard.ShouldBe(new RolloutGuard(TimeSpan.FromSeconds(30), 10, 0, 1000, 250.5));

        document["operational"]!["rollouts"]![0]!["guard"] = new JsonObject { ["max_missing_acks"] = 2 };
        RolloutPlan.Read(document).Rollouts[0].Guard.ShouldBe(new RolloutGuard(TimeSpan.FromMinutes(5), null, 2, null, null));
    }

    [Fact]
    public void Read_document_without_rollouts_is_empty() => RolloutPlan.Read([]).Rollouts.ShouldBeEmpty();

    [Theory]
    [InlineData("""{"operational":{"rollouts":[{"flag":"f"}]}}""")]
    [InlineData("""{"operational":{"rollouts":["f"]}}""")]
    [InlineData("""{"operational":{"rollouts":[{"flag":1,"list":"metals"}]}}""")]
    [InlineData("""{"operational":{"rollouts":[{"flag":"f","list":"metals","guard":{"window":"long"}}]}}""")]
    public void Read_invalid_rollout_is_refused(string document) =>
        Should.Throw<FormatException>(() => RolloutPlan.Read(JsonNode.Parse(document)!.AsObject()));

    private static RolloutState Evaluate(JsonObject document, NamedLists lists)
    {
        // The evaluation completes synchronously, because flags and lists are in memory.
        var evaluation = RolloutPlan.Read(document).EvaluateAsync(lists, Now, TestContext.Current.CancellationToken);
        evaluation.IsCompletedSuccessfully.ShouldBeTrue();
        return evaluation.GetAwaiter().GetResult()[0];
    }

    private static async Task<IReadOnlyList<string>> FindEnabledSymbolsAsync(string list, string filter, DateTimeOffset? now = null)
    {
        var states = await RolloutPlan.Read(Document("f", list, filter))
            .EvaluateAsync(new NamedLists(null), now ?? Now, TestContext.Current.CancellationToken);
        return [.. states.ShouldHaveSingleItem().On.Select(symbol => symbol.Name)];
    }

    private static string Percentage(double percentage) => Filter("Microsoft.Targeting", percentage);

    private static string Filter(string name, double percentage) => name == "Microsoft.Targeting"
        ? FormattableString.Invariant(
            $$$$"""{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":{{{{percentage}}}}}}}""")
        : FormattableString.Invariant($$$$"""{"name":"Microsoft.Percentage","parameters":{"Value":{{{{percentage}}}}}}""");

    private static JsonObject Document(string flag, string list, params string[] filters) => new()
    {
        ["operational"] = new JsonObject { ["rollouts"] = new JsonArray(new JsonObject { ["flag"] = flag, ["list"] = list }) },
        ["feature_management"] = new JsonObject
        {
            ["feature_flags"] = new JsonArray(new JsonObject
            {
                ["id"] = flag,
                ["enabled"] = true,
                ["conditions"] =
                    new JsonObject { ["client_filters"] = new JsonArray([.. filters.Select(filter => JsonNode.Parse(filter))]) },
            }),
        },
    };
}
