using System.Text.Json.Nodes;
using CloudTicks.Functions.Describing;

namespace CloudTicks.Functions.Tests.Describing;

public class OpenApiDocumentTests
{
    /// <summary>Routes that the host serves itself.</summary>
    private static readonly string[] HostRoutes = ["get /health", "get /alive"];

    private static JsonObject ServedDocument => JsonNode.Parse(OpenApiDocument.Json.Span)!.AsObject();

    [Fact]
    public void Document_has_the_required_fields_of_OpenAPI_3_1()
    {
        ServedDocument["openapi"]!.GetValue<string>().ShouldStartWith("3.1.");
        ServedDocument["info"]!["title"]!.GetValue<string>().ShouldNotBeEmpty();
        ServedDocument["info"]!["version"]!.GetValue<string>().ShouldNotBeEmpty();
        Operations(ServedDocument).ShouldAllBe(operation => operation.Node["responses"]!.AsObject().Count > 0);
        Operations(ServedDocument).Select(operation => operation.Node["operationId"]!.GetValue<string>()).ShouldBeUnique();
    }

    [Fact]
    public void Every_route_is_described_under_its_function_name()
    {
        var routes = FunctionRoute.All.Select(route => $"{route.Method} {route.Path} {route.Function}");

        Operations(OpenApiDocument.FromResource()).Where(operation => !HostRoutes.Contains(operation.Name))
            .Select(operation => $"{operation.Name} {operation.Node["operationId"]}")
            .ShouldBe(routes, ignoreOrder: true);
    }

    [Fact]
    public void Path_parameters_are_those_of_the_route()
    {
        foreach (var (name, node) in Operations(ServedDocument))
        {
            var described = (node["parameters"]?.AsArray() ?? []).Select(parameter => Resolve(parameter!))
                .Where(parameter => parameter["in"]!.GetValue<string>() == "path").Select(parameter => $"{{{parameter["name"]}}}");

            described.ShouldBe(name.Split('/').Where(part => part.StartsWith('{')), ignoreOrder: true, name);
        }
    }

    [Fact]
    public void Every_reference_resolves()
    {
        var references = References(ServedDocument).ToList();

        references.ShouldNotBeEmpty();
        foreach (var reference in references)
        {
            Find(reference).ShouldNotBeNull(reference);
        }
    }

    private static JsonNode Resolve(JsonNode node) => node["$ref"] is { } reference ? Find(reference.GetValue<string>())! : node;

    private static JsonNode? Find(string reference) =>
        reference[2..].Split('/').Aggregate((JsonNode?)ServedDocument, (node, part) => node?[part]);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Key == "$ref" ? [field.Value!.GetValue<string>()] : References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };

    private static List<(string Name, JsonNode Node)> Operations(JsonObject document) =>
    [
        .. from path in document["paths"]!.AsObject()
           from operation in path.Value!.AsObject()
           select ($"{operation.Key} {path.Key}", operation.Value),
    ];
}
