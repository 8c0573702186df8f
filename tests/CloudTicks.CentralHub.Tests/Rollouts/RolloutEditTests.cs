using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Rollouts;

namespace CloudTicks.CentralHub.Tests.Rollouts;

public sealed class RolloutEditTests
{
    [Theory]
    [InlineData("""{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["AAPL"],"DefaultRolloutPercentage":5}}}""",
        """{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["AAPL"],"DefaultRolloutPercentage":25}}}""")]
    [InlineData("""{"name":"targeting","parameters":{"audience":{"defaultRolloutPercentage":5}}}""",
        """{"name":"targeting","parameters":{"audience":{"defaultRolloutPercentage":25}}}""")]
    [InlineData("""{"name":"Microsoft.Targeting"}""",
        """{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":25}}}""")]
    [InlineData(
        """{"name":"Microsoft.Percentage","parameters":{"Value":5}}""", """{"name":"Microsoft.Percentage","parameters":{"Value":25}}""")]
    public void SetPercentage_changes_the_filter_and_enables_the_flag(string before, string after)
    {
        var document = Document($$$$"""{"id":"f","enabled":false,"conditions":{"client_filters":[{{{{before}}}}]}}""");

        RolloutEdit.SetPercentage(document, "f", 25);

        ShouldBe(document, $$$$"""{"id":"f","enabled":true,"conditions":{"client_filters":[{{{{after}}}}]}}""");
        RolloutEdit.Percentage(RolloutEdit.Find(document, "f")!).ShouldBe(25);
    }

    [Theory]
    [InlineData("""{"id":"f","enabled":true}""")]
    [InlineData("""{"id":"f","enabled":true,"conditions":{"client_filters":[]}}""")]
    public void SetPercentage_without_filters_adds_targeting(string flag)
    {
        var document = Document(flag);

        RolloutEdit.SetPercentage(document, "f", 25);

        RolloutEdit.Percentage(RolloutEdit.Find(document, "f")!).ShouldBe(25);
    }

    [Fact]
    public void SetPercentage_with_a_time_window_requires_all_filters()
    {
        const string window = """{"name":"Microsoft.TimeWindow","parameters":{"End":"Thu, 15 Jan 2026 15:00:00 GMT"}}""";
        var any = Document($$$$"""{"id":"f","enabled":true,"conditions":{"client_filters":[{{{{window}}}}]}}""");
        var all = Document($$$$"""{"id":"f","enabled":true,"conditions":{"requirement_type":"All","client_filters":[{{{{window}}}}]}}""");

        Should.Throw<RolloutEditException>(() => RolloutEdit.SetPercentage(any, "f", 25)).IsMissing.ShouldBeFalse();
        RolloutEdit.SetPercentage(all, "f", 25);

        RolloutEdit.Percentage(RolloutEdit.Find(all, "f")!).ShouldBe(25);
    }

    [Fact]
    public void Restore_changes_only_the_flag()
    {
        var document = Document("""{"id":"e","enabled":true},{"id":"f","enabled":true}""");

        RolloutEdit.Restore(document, "f", (JsonObject)JsonNode.Parse("""{"id":"f","enabled":true,"conditions":{}}""")!);

        ShouldBe(document, """{"id":"e","enabled":true},{"id":"f","enabled":true,"conditions":{}}""");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("""{"id":"f","enabled":true}""")]
    public void Restore_flag_that_was_absent_or_equal_disables_it(string? earlier)
    {
        var document = Document("""{"id":"f","enabled":true}""");

        RolloutEdit.Restore(document, "f", earlier is null ? null : JsonNode.Parse(earlier)!.AsObject());

        ShouldBe(document, """{"id":"f","enabled":false}""");
    }

    [Fact]
    public void Edit_of_an_unknown_flag_names_the_known_ones()
    {
        var document = Document("""{"id":"e","enabled":true}""");

        var problem = Should.Throw<RolloutEditException>(() => RolloutEdit.SetEnabled(document, "f", true));

        problem.IsMissing.ShouldBeTrue();
        problem.Message.ShouldContain("the flags are e.");
        Should.Throw<RolloutEditException>(() => RolloutEdit.SetPercentage([], "f", 1)).IsMissing.ShouldBeTrue();
    }

    private static JsonObject Document(string flags) =>
        JsonNode.Parse($$$$"""{"feature_management":{"feature_flags":[{{{{flags}}}}]}}""")!.AsObject();

    private static void ShouldBe(JsonObject document, string flags) =>
        JsonNode.DeepEquals(document, Document(flags)).ShouldBeTrue(document.ToJsonString());
}
