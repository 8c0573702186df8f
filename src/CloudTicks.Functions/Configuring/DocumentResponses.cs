using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.Functions.Querying;
using CloudTicks.Ticks.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Configuring;

internal static class DocumentResponses
{
    public static IActionResult Document(StoredDocument document) =>
        WithVersion(JsonResponse.Of(System.Text.Encoding.UTF8.GetBytes(document.Version.Document)), document);

    public static IActionResult NotModified(StoredDocument document) =>
        WithVersion(new StatusCodeResult(StatusCodes.Status304NotModified), document);

    public static IActionResult WithVersion(IActionResult result, StoredDocument inForce) => new ResultWithHeaders(
        result,
        ("ETag", inForce.Tag),
        ("Config-Version", inForce.Number.ToString(CultureInfo.InvariantCulture)),
        ("Cache-Control", "no-cache"));

    public static IActionResult Change(ChangeResult change, bool dryRun) => WithVersion(
        Of(new JsonObject
        {
            ["service"] = change.InForce.Version.Service,
            ["version"] = change.InForce.Number,
            ["dry_run"] = dryRun,
            ["changes"] = DocumentJson.Array(change.Changes),
            ["document"] = JsonNode.Parse(change.Json!),
        }),
        change.InForce);

    public static IActionResult Version(StoredDocument document)
    {
        var version = Entry(document.Version);
        version.Insert(0, "service", document.Version.Service);
        version["document"] = document.Read();
        return Of(version);
    }

    public static IActionResult History(string service, IEnumerable<ConfigVersion> versions) =>
        Of(new JsonObject { ["service"] = service, ["versions"] = new JsonArray([.. versions.Select(Entry)]) });

    public static IActionResult Of(JsonNode node) => JsonResponse.Of(DocumentJson.WriteBytes(node));

    public static IActionResult OfStatus<T>(T status)
        where T : class => Of(JsonSerializer.SerializeToNode(status, StatusJson.Strict)!);

    public static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static JsonObject Entry(ConfigVersion version) => new()
    {
        ["version"] = version.Version,
        ["action"] = version.Action,
        ["author"] = version.Author,
        ["comment"] = version.Comment,
        ["time"] = version.Version == 0 ? null : Time(version.CreatedMs),
        ["created_ms"] = version.Version == 0 ? null : version.CreatedMs,
        ["changes"] = DocumentJson.Array(version.Changes),
    };
}
