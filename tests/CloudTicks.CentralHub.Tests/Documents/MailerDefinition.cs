using System.Text.Json;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Tests.Documents;

/// <summary>The definition of a new service, as any program would write it.</summary>
internal sealed class MailerDefinition : IServiceDefinition
{
    private static readonly SettingField[] Fields =
    [
        SettingField.Number("max_letters", "Mailer:MaxLetters"),
        SettingField.Seconds("pause", "Mailer:Pause"),
    ];

    public string Service => "mailer";

    public string Schema =>
        """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","additionalProperties":false,"properties":{"operational":
          {"type":"object","additionalProperties":false,"properties":{
            "max_letters":{"type":"integer","minimum":1,"maximum":100},"pause":{"type":"number"},"lists":{"type":"array","items":{"type":"string"}}}}}}
        """;

    public string Defaults => """{"operational":{"max_letters":10}}""";

    public bool RollsOutSymbols => false;

    /// <summary>Checks that the lists exist, and that no pause is set if the maximum is one letter.</summary>
    public void Check(JsonElement document, NamedLists lists, FaultList faults)
    {
        var operational = DocumentPart.Of(document, "operational");
        var listCheck = new ListCheck(lists, faults);
        foreach (var (place, list) in DocumentPart.Texts(operational, "lists", "/operational/lists"))
        {
            listCheck.Check(place, list);
        }

        if (DocumentPart.Of(operational, "pause").ValueKind == JsonValueKind.Number
            && DocumentPart.Of(operational, "max_letters").GetRawText() == "1")
        {
            faults.Add("/operational/pause", "One letter needs no pause.");
        }
    }

    public Task DescribeAsync(DocumentDifference difference, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        difference.Add("the mailer changes");
        difference.AddFields("pause");
        return Task.CompletedTask;
    }

    public IReadOnlyDictionary<string, string?> ToSettings(JsonElement document) => SettingField.Read(document, Fields);
}
