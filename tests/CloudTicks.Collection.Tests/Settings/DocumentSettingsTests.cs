using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Polygon.Sessions;
using CloudTicks.ServiceDocuments;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Collection.Tests.Settings;

/// <summary>The collector's options accept every value that the schema of its document allows.</summary>
public class DocumentSettingsTests
{
    private static readonly ServiceDocument Collector = KnownServices.Documents.Find(ServiceNames.Collector)!;

    private static JsonObject Fields => JsonNode.Parse(Collector.Schema)!["properties"]!["operational"]!["properties"]!.AsObject();

    public static TheoryData<string, string> Values
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var (name, schema) in Fields)
            {
                string?[] texts = schema!["enum"] is JsonArray values
                    ? [.. values.Select(value => value!.ToJsonString())]
                    : [schema["minimum"]?.ToJsonString(), schema["maximum"]?.ToJsonString(),
                        schema["type"]!.ToString() == "boolean" ? "true" : null];
                foreach (var text in texts.OfType<string>())
                {
                    data.Add(name, text);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Settings_at_schema_bounds_are_valid(string field, string value)
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
    public void Settings_of_default_document_equal_collector_defaults()
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
