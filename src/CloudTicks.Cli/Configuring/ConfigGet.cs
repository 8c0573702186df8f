using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary><c>cloudticks config get</c>: prints a document, or one of its fields.</summary>
internal static class ConfigGet
{
    private static readonly Argument<string[]> Arguments =
        ConfigArguments.Argument(
            "[field]", "A field: rate_limit_per_second, operational.symbols, /feature_management/feature_flags/0.", withFields: true);

    private static readonly Option<int?> At = new("--at") { Description = "An earlier version; 0 is the defaults", HelpName = "version" };

    public static Command Create() => new Command("get", "Print a document, or one field of it.") { Arguments, At }.OnHub(RunAsync);

    private static async Task<int> RunAsync(HubSession session, ParseResult result, CancellationToken cancellationToken)
    {
        var args = await ConfigArguments.ReadAsync(session.Hub, result, Arguments, cancellationToken);
        if (args.Rest.Count > 1)
        {
            session.Console.Error($"'{args.Rest[0]}' is not a service, and only one field can be printed. See --help.");
            return ExitCodes.Usage;
        }

        var document = result.GetValue(At) is { } version
            ? await VersionedDocument.ReadAsync(session.Hub, args, version, cancellationToken)
            : await VersionedDocument.ReadAsync(session.Hub, args, cancellationToken);
        var value = (JsonNode?)document.Document;
        if (args.Rest is [var field] && !FieldPath.Parse(field, args.Document).TryFind(document.Document, out value))
        {
            session.Console.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"{FieldPath.Parse(field, args.Document)} is not set in version {document.Version} of {args.Document.Service}."));
            return ExitCodes.Incomplete;
        }

        if (session.Json)
        {
            session.Console.Json(new JsonObject
            {
                ["service"] = args.Document.Service,
                ["version"] = document.Version,
                ["etag"] = document.Tag,
                [args.Rest.Count == 0 ? "document" : "value"] = value?.DeepClone(),
            });
        }
        else if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
        {
            session.Console.Line(text.GetValue<string>());
        }
        else
        {
            session.Console.PrintIndented(value);
        }

        return ExitCodes.Done;
    }
}
