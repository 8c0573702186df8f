using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Tests.Documents;

/// <summary>Schemas of registered services, and the documents that they accept.</summary>
public class RegistrationTests
{
    private static readonly NamedLists Lists = new(null);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"format":"email"}""", "/schema/properties/value/format", "'format' is not supported")]
    [InlineData("""{"patternProperties":{}}""", "/schema/properties/value/patternProperties", "'patternProperties'")]
    [InlineData("""{"items":{"contains":1}}""", "/schema/properties/value/items/contains", "'contains'")]
    [InlineData("""{"requird":["a"]}""", "/schema/properties/value/requird", "did you mean required?")]
    [InlineData("""{"type":"text"}""", "/schema/properties/value/type", "one of object, array, string")]
    [InlineData("""{"type":[]}""", "/schema/properties/value/type", "one of object, array, string")]
    [InlineData("""{"minimum":"1"}""", "/schema/properties/value/minimum", "must be a number")]
    [InlineData("""{"maximum":1e400}""", "/schema/properties/value/maximum", "28 digits")]
    [InlineData("""{"multipleOf":0}""", "/schema/properties/value/multipleOf", "above 0")]
    [InlineData("""{"minLength":-1}""", "/schema/properties/value/minLength", "an integer")]
    [InlineData("""{"maxItems":1.5}""", "/schema/properties/value/maxItems", "an integer")]
    [InlineData("""{"required":"a"}""", "/schema/properties/value/required", "list of names")]
    [InlineData("""{"properties":[]}""", "/schema/properties/value/properties", "object of schemas")]
    [InlineData("""{"properties":{"a":7}}""", "/schema/properties/value/properties/a", "instead of a schema, which is an object")]
    [InlineData("""{"enum":[]}""", "/schema/properties/value/enum", "list of at least one value")]
    [InlineData("""{"uniqueItems":1}""", "/schema/properties/value/uniqueItems", "true or false")]
    [InlineData("""{"anyOf":[]}""", "/schema/properties/value/anyOf", "at least one schema")]
    [InlineData("""{"oneOf":[{"typ":"string"}]}""", "/schema/properties/value/oneOf/0/typ", "did you mean type?")]
    [InlineData("""{"pattern":"(?=a)"}""", "/schema/properties/value/pattern", "look-around")]
    [InlineData("""{"pattern":"(a)\\1"}""", "/schema/properties/value/pattern", "back-references")]
    [InlineData("""{"pattern":"((a{1000}){1000}){1000}"}""", "/schema/properties/value/pattern", "counts in the thousands")]
    [InlineData("""{"pattern":"["}""", "/schema/properties/value/pattern", "not a supported pattern")]
    [InlineData("""{"$ref":"#/$defs/nowhere"}""", "/schema/properties/value/$ref", "$defs")]
    [InlineData("""{"$ref":"https://example.org/a"}""", "/schema/properties/value/$ref", "$defs")]
    [InlineData("""{"$defs":{}}""", "/schema/properties/value/$defs", "at the root")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "/schema/properties/value/$schema", "2020-12")]
    public async Task Schema_with_an_unsupported_part_is_refused(
        string value, string place, string part)
    {
        var fault = (await RefuseAsync($$"""{"properties": {"value": {{value}} } }""")).ShouldHaveSingleItem();

        fault.Place.ShouldBe(place);
        fault.Detail.ShouldContain(part);
    }

    [Theory]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "/schema/$schema")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/a"}}}""", "/schema/$defs/a")]
    [InlineData("""{"$defs":{"b":{"allOf":[{"not":{"$ref":"#/$defs/c"}}]},"c":{"if":{"$ref":"#/$defs/b"}}}}""", "/schema/$defs/b")]
    [InlineData("""{"properties":{"api_key":{}}}""", "/schema/properties/api_key")]
    [InlineData("""{"required":["a"]}""", "/defaults/a")]
    [InlineData("""{"additionalProperties":false,"properties":{"a":false}}""", "/defaults/value")]
    public async Task Unusable_schema_is_refused(string schema, string place) =>
        (await RefuseAsync(schema)).ShouldContain(fault => fault.Place == place);

    [Theory]
    [InlineData("""{"type":["integer","null"]}""", "null", null)]
    [InlineData("""{"type":["integer","null"]}""", "1.5", "instead of an integer or null")]
    [InlineData("""{"exclusiveMinimum":0,"exclusiveMaximum":1}""", "0.5", null)]
    [InlineData("""{"exclusiveMinimum":0}""", "0", "it must be above 0")]
    [InlineData("""{"exclusiveMaximum":1}""", "1.0", "it must be below 1")]
    [InlineData("""{"minimum":0.001}""", "0", "the minimum is 0.001")]
    [InlineData("""{"multipleOf":0.1}""", "0.3", null)]
    [InlineData("""{"multipleOf":0.1}""", "0.35", "not a multiple of 0.1")]
    [InlineData("""{"multipleOf":0.0000000000000000000000000001}""", "79228162514264337593543950335", null)]
    [InlineData("""{"maxLength":2}""", "\"\ud83d\ude00\ud83d\ude00\"", null)]
    [InlineData("""{"minLength":3}""", "\"\ud83d\ude00\ud83d\ude00\"", "fewer than 3 characters")]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"abc\"", null)]
    [InlineData("""{"pattern":"^[a-z]+$"}""", "\"abc\\n\"", "not of the form")]
    [InlineData("""{"pattern":"^(a$|b\\$)"}""", "\"b$c\"", null)]
    [InlineData("""{"pattern":"^\\d$"}""", "\"٣\"", "not of the form")]
    [InlineData("""{"pattern":"^[\\w$]+$"}""", "\"a$\"", null)]
    [InlineData("""{"uniqueItems":true}""", """[{"a":1,"b":[1.0]},{"b":[1],"a":1}]""", "a duplicate of")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",true,[1],{"1":1}]""", null)]
    [InlineData("""{"items":false}""", "[1]", "No value is allowed here")]
    [InlineData("""{"minProperties":1}""", "{}", "0 fields; the minimum is 1")]
    [InlineData("""{"const":{"a":[1]}}""", """{"a":[1.0]}""", null)]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "7", null)]
    [InlineData("""{"anyOf":[{"type":"string"},{"minimum":5}]}""", "3", "none of the 2 allowed forms")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":5}]}""", "7", "2 of the 2 forms")]
    [InlineData("""{"oneOf":[{"minimum":1},{"minimum":5}]}""", "3", null)]
    [InlineData("""{"not":{"type":"string"}}""", "\"a\"", "a form that the schema forbids")]
    [InlineData("""{"if":{"minimum":5},"then":{"multipleOf":5},"else":{"maximum":3}}""", "4", "the maximum is 3")]
    [InlineData("""{"if":{"minimum":5},"then":{"multipleOf":5}}""", "6", "not a multiple of 5")]
    [InlineData("""{"$ref":"#/$defs/small","minimum":2}""", "1", "the minimum is 2")]
    [InlineData("""{"$ref":"#/$defs/small","minimum":2}""", "11", "the maximum is 10")]
    [InlineData("""{"$ref":"#/$defs/tree"}""", """{"left":{"left":{"right":7}}}""", "instead of an object")]
    [InlineData("""{"default":1,"examples":[2],"deprecated":true,"readOnly":true,"$comment":"a","title":"b"}""", "\"any\"", null)]
    public async Task Check_follows_json_schema(string schema, string value, string? part)
    {
        var service = await RegisterAsync(
            $$$$"""
            {"$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"checked":{{{{schema}}}}},"$defs":{"small":{"maximum":10},
             "tree":{"type":"object","additionalProperties":{"$ref":"#/$defs/tree"} } } }
            """,
            "{}");

        var faults = await service.CheckAsync(JsonNode.Parse($$"""{"checked":{{value}}}""")!.AsObject(), Lists, Cancellation);

        if (part is null)
        {
            faults.ShouldBeEmpty();
        }
        else
        {
            faults.ShouldHaveSingleItem().Detail.ShouldContain(part);
        }
    }

    [Fact]
    public async Task Check_of_an_exploding_schema_is_bounded()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 40).Select(
            level => $$$"""
                "l{{{level}}}":{"allOf":[{"$ref":"#/$defs/l{{{level + 1}}}"},{"$ref":"#/$defs/l{{{level + 1}}}"}]}
                """));
        var service = await RegisterAsync(
            $$$$"""{"properties":{"a":{"not":{"$ref":"#/$defs/l0"}}},"$defs":{{{{{definitions}}}},"l40":{"type":"integer"}}}""", "{}");

        (await service.CheckAsync(JsonNode.Parse("""{"a":"text"}""")!.AsObject(), Lists, Cancellation))
            .ShouldContain(fault => fault.Detail.Contains("too much work"));
    }

    [Fact]
    public async Task Check_of_a_large_enumeration_is_bounded()
    {
        var values = string.Join(',', Enumerable.Range(0, 20_000));
        var service = await RegisterAsync("{\"properties\":{\"a\":{\"items\":{\"enum\":[" + values + "]}}}}", "{}");

        (await service.CheckAsync(JsonNode.Parse($$"""{"a":[{{values}}]}""")!.AsObject(), Lists, Cancellation))
            .ShouldContain(fault => fault.Detail.Contains("too much work"));
    }

    [Theory]
    [InlineData("""[{"id":"new","enabled":true,"conditions":{"client_filters":[{"name":"Nowhere"}]}}]""", "cannot evaluate the flags")]
    [InlineData("""[{"enabled":true}]""", "each with an id")]
    [InlineData("""[7]""", "each with an id")]
    [InlineData("""{"id":"new"}""", "each with an id")]
    [InlineData("""[{"id":"new","enabled":true},{"id":"NEW","enabled":true}]""", "exists already")]
    public async Task Feature_flags_that_cannot_be_evaluated_are_refused(string flags, string part)
    {
        var service = await RegisterAsync("{}", "{}");

        (await service.CheckAsync(
                JsonNode.Parse($$"""{"feature_management": {"feature_flags": {{flags}} } }""")!.AsObject(), Lists, Cancellation))
            .ShouldHaveSingleItem().Detail.ShouldContain(part);
    }

    [Fact]
    public async Task Change_is_described_by_values_and_flags()
    {
        var service = await RegisterAsync("{}", """{"smtp":{"host":"a","port":25},"to":["x"],"quiet":true}""");
        var after = JsonNode.Parse(
            """{"smtp":{"host":"b","port":25},"to":["x","y"],"feature_management":{"feature_flags":[{"id":"beta","enabled":true}]}}""")!;

        (await service.DifferenceAsync(service.Defaults(), after.AsObject(), Lists, DateTimeOffset.UnixEpoch, Cancellation)).ShouldBe(
            ["smtp.host: a -> b", "to: x -> x, y", "quiet: true -> not set", "feature_management: not set -> "
                + """{"feature_flags":[{"id":"beta","enabled":true}]}""", "feature flag beta is new"]);
    }

    [Theory]
    [InlineData("mailer", true)]
    [InlineData("order-book_2", true)]
    [InlineData("Mailer", false)]
    [InlineData("2nd", false)]
    [InlineData("cloudticks-mailer", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("a/../b", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void IsName_accepts_names_for_subject_file_and_route(string? name, bool isName) =>
        ServiceRegistration.IsName(name).ShouldBe(isName);

    private static async Task<IReadOnlyList<DocumentFault>> RefuseAsync(string schema)
    {
        var faults = new FaultList();
        (await ReadAsync(schema, """{"value":1}""", faults)).ShouldBeNull();
        return faults.Faults;
    }

    private static async Task<ServiceDocument> RegisterAsync(string schema, string defaults)
    {
        var faults = new FaultList();
        var registration = await ReadAsync(schema, defaults, faults);
        faults.Faults.ShouldBeEmpty();
        return registration!.Document;
    }

    private static Task<ServiceRegistration?> ReadAsync(string schema, string defaults, FaultList faults) => ServiceRegistration.ReadAsync(
        "mailer", JsonNode.Parse($$"""{"schema":{{schema}},"defaults":{{defaults}}}""")!.AsObject(), Lists, faults, Cancellation);
}
