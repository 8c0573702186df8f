using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Tests.Documents;

public class NewServiceTests
{
    private static readonly DocumentCatalog Catalog = new([new MailerDefinition()]);
    private static readonly ServiceDocument Mailer = Catalog.Find("mailer")!;
    private static readonly NamedLists Lists = new(null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Declared_service_has_schema_and_defaults()
    {
        Catalog.All.ShouldBe([Mailer]);
        Catalog.Find("unknown").ShouldBeNull();
        Catalog.Names.ShouldBe("mailer");
        (Mailer.HasRollouts, Mailer.IsList("lists")).ShouldBe((false, true));
        Mailer.OperationalFields.ShouldBe(["max_letters", "pause", "lists"]);
        (await Mailer.CheckAsync(Mailer.Defaults(), Lists, Cancellation)).ShouldBeEmpty();
        Should.Throw<InvalidOperationException>(() => Catalog.WithRollouts);
    }

    [Theory]
    [InlineData("""{"operational":{"max_letters":1000}}""", "/operational/max_letters", "It is 1000; the allowed range is 1 to 100.")]
    [InlineData("""{"operational":{"max_leters":5}}""", "/operational/max_leters", "did you mean max_letters?")]
    [InlineData("""{"operational":{"max_letters":1,"pause":2}}""", "/operational/pause", "One letter needs no pause.")]
    [InlineData("""{"operational":{"lists":["sp-50"]}}""", "/operational/lists/0", "did you mean sp-500?")]
    public async Task Check_applies_schema_and_own_rules(string document, string place, string part)
    {
        var fault = (await Mailer.CheckAsync(JsonNode.Parse(document)!.AsObject(), Lists, Cancellation)).ShouldHaveSingleItem();

        fault.Place.ShouldBe(place);
        fault.Detail.ShouldContain(part);
    }

    [Fact]
    public async Task Change_is_described_and_converted_to_settings()
    {
        var after = JsonNode.Parse("""{"operational":{"max_letters":20,"pause":0.5}}""")!.AsObject();

        (await Mailer.DifferenceAsync(Mailer.Defaults(), after, Lists, DateTimeOffset.UnixEpoch, Cancellation))
            .ShouldBe(["the mailer changes", "max_letters: 10 -> 20"]);
        Mailer.ToSettings(after).ShouldBe(
            new Dictionary<string, string?> { ["Mailer:MaxLetters"] = "20", ["Mailer:Pause"] = "00:00:00.5000000" }, ignoreOrder: true);
    }
}
