using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Polygon.Sessions;
using CloudTicks.ServiceDocuments;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Collection.Tests.Settings;

/// <summary>What the schema of the collector's document lets through, the collector's own options take.</summary>
public class DocumentSettingsTests
{
    private static readonly ServiceDocument Collector = KnownServices.Documents.Find(ServiceNames.Collector)!;

    private static JsonObject Fields => JsonNode.Parse(Collector.Schema)!["properties"]!["operational"]!["properties"]!.AsObject();

    public static TheoryData<string, string> Values
    {
        get
        {
            var values = new TheoryData<string, string>();
            foreach (var (name, schema) in Fields)
            {
                string?[] texts = schema!["enum"] is JsonArray words
                    ? [.. words.Select(word => word!.ToJsonString())]
                    : [schema["minimum"]?.ToJsonString(), schema["maximum"]?.ToJsonString(),
                        schema["type"]!.ToString() == "boolean" ? "true" : null];
                foreach (var text in texts.OfType<string>())
                {
                    values.Add(name, text);
                }
            }

            return values;
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Settings_every_value_at_a_bound_of_the_schema_can_be_used(string field, string value)
    {
        var document = new JsonObject { ["operational"] = new JsonObject { [field] = JsonNode.Parse(value) } };

        var settings = Collector.ToSettings(document);

        settings.Count.ShouldBe(1);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        RequireValid(configuration.GetSection("Collector").Get<CollectorOptions>(binder => binder.ErrorOnUnknownConfiguration = true)
            ?? new CollectorOptions());
        RequireValid(configuration.GetSection("Polygon").Get<PolygonOptions>(binder => binder.ErrorOnUnknownConfiguration = true)
            ?? new PolygonOptions());
    }

    [Fact]
    public void Settings_of_the_defaults_are_those_of_the_collector()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Collector.ToSettings(Collector.Defaults())).Build();
        var collector = configuration.GetSection("Collector").Get<CollectorOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;
        var polygon = configuration.GetSection("Polygon").Get<PolygonOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;

        collector.Symbols.ShouldBe(CollectorOptions.DefaultSymbols);
        polygon.ShouldBe(new PolygonOptions());
    }

    private static void RequireValid(object options) =>
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
}
