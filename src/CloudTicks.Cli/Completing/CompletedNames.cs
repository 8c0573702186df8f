using System.CommandLine.Completions;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.ServiceDocuments;

namespace CloudTicks.Cli.Completing;

/// <summary>Completes the symbols, lists, services and flags of the system that the command line addresses.</summary>
internal static class CompletedNames
{
    private static readonly string[] SymbolFields = ["symbols", "underlyings"];

    /// <summary>Symbols that the document of the collectors selects by name, by a list or by a rollout.</summary>
    public static IEnumerable<CompletionItem> SelectedSymbols(CompletionContext context) =>
        Items(context, Selected(CompletionCommand.DocumentsOf(context.ParseResult)));

    /// <summary>Symbols of the built-in lists, except those that the document names individually.</summary>
    public static IEnumerable<CompletionItem> UnselectedSymbols(CompletionContext context) =>
        Items(context, Members([NamedLists.All]).Except(Texts(Operational(CompletionCommand.DocumentsOf(context.ParseResult)), "symbols")));

    /// <summary>Selected and unselected symbols.</summary>
    public static IEnumerable<CompletionItem> Symbols(CompletionContext context) =>
        Items(context, Selected(CompletionCommand.DocumentsOf(context.ParseResult)).Union(Members([NamedLists.All])));

    public static IEnumerable<CompletionItem> Lists(CompletionContext context) => Items(context, ListNames);

    public static IEnumerable<CompletionItem> Services(CompletionContext context) =>
        Items(context, CompletionCommand.DocumentsOf(context.ParseResult).Services);

    /// <summary>Services registered at the hub, without the built-in ones.</summary>
    public static IEnumerable<CompletionItem> RegisteredServices(CompletionContext context) => Items(
        context,
        CompletionCommand.DocumentsOf(context.ParseResult).Services.Where(service => KnownServices.Documents.Find(service) is null));

    public static IEnumerable<CompletionItem> Flags(CompletionContext context, string service) => Items(
        context,
        (CompletionCommand.DocumentsOf(context.ParseResult).Find(service)?["feature_management"]?["feature_flags"] as JsonArray ?? [])
            .Select(flag => $"{flag?["id"]}"));

    /// <summary>The fields of a document; after <c>field=</c> the values that the field accepts.</summary>
    public static IEnumerable<string> Fields(KnownDocuments documents, string service, string word)
    {
        var known = KnownServices.Documents.Find(service);
        if (word.IndexOf('=', StringComparison.Ordinal) is > 0 and var end)
        {
            var field = word[..end];
            var schema = known is null ? null : JsonNode.Parse(known.Schema)?["properties"]?["operational"]?["properties"]?[field];
            var values = SymbolFields.Contains(field) ? Selected(documents).Union(Members([NamedLists.All]))
                : field == "lists" ? ListNames
                : schema?["enum"] is JsonArray choices ? choices.Select(choice => $"{choice}")
                : $"{schema?["type"]}" == "boolean" ? ["true", "false"]
                : [];
            return values.Select(value => $"{field}={value}");
        }

        var document = documents.Find(service) ?? [];
        var operational = document["operational"] is JsonObject part ? part.Select(field => field.Key) : [];
        return known is not null
            ? known.OperationalFields.Union(operational)
            : operational.Concat(document.Select(field => field.Key).Except(["operational", "feature_management"]));
    }

    /// <summary>
    /// Converts names to completion items. Documents are untrusted, so names with characters that a shell interprets are omitted.
    /// </summary>
    public static IEnumerable<CompletionItem> Items(CompletionContext context, IEnumerable<string> names)
    {
        // The shell sees values with commas as one word: complete the last value.
        var prefix = context.WordToComplete[..(context.WordToComplete.LastIndexOf(',') + 1)];
        return names.Where(IsPlain).Select(
            name => new CompletionItem(prefix.Length == 0 ? name : prefix + name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..]));
    }

    private static bool IsPlain(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || "._-:/=".Contains(c, StringComparison.Ordinal));

    private static IEnumerable<string> ListNames => new NamedLists(folder: null).Names.Append(NamedLists.All);

    private static JsonObject? Operational(KnownDocuments documents) =>
        documents.Find(ServiceNames.Collector)?["operational"] as JsonObject;

    private static IEnumerable<string> Selected(KnownDocuments documents)
    {
        var operational = Operational(documents);
        var rollouts = (operational?["rollouts"] as JsonArray ?? []).Select(rollout => $"{rollout?["list"]}");
        return Texts(operational, "symbols").Union(Members(Texts(operational, "lists").Concat(rollouts)))
            .Union(Texts(operational, "underlyings"));
    }

    private static IEnumerable<string> Texts(JsonObject? parent, string field) =>
        (parent?[field] as JsonArray ?? []).Select(entry => $"{entry}");

    private static IEnumerable<string> Members(IEnumerable<string> lists)
    {
        var known = new NamedLists(folder: null);
        return lists.SelectMany(list => Read(known, list)).Distinct();
    }

    private static IEnumerable<string> Read(NamedLists lists, string name)
    {
        try
        {
            return lists.Read(name).Select(symbol => symbol.Name);
        }
        catch (SymbolListException)
        {
            // The list is a file in the collectors' folder, which this program cannot read.
            return [];
        }
    }
}
