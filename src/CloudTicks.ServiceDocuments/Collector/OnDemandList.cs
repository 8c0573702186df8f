using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Ticks;

namespace CloudTicks.ServiceDocuments.Collector;

/// <summary>
/// The field <c>operational.on_demand</c>: symbols that relays added. It is separate from <c>symbols</c>, which operators edit, so that a
/// relay cannot remove an operator's symbol.
/// </summary>
public static class OnDemandList
{
    private const string Field = "on_demand";

    /// <summary>Reads the entries of a document. Invalid symbols are skipped.</summary>
    public static IReadOnlyList<OnDemandSymbol> Read(JsonObject document) => Read(JsonSerializer.SerializeToElement(document));

    /// <summary>Creates the merge patch that sets the entries.</summary>
    public static JsonObject PatchOf(IReadOnlyCollection<OnDemandSymbol> entries)
    {
        var list = new JsonArray();
        foreach (var (symbol, isIdle) in entries)
        {
            var entry = new JsonObject { ["symbol"] = symbol.Name };
            if (isIdle)
            {
                entry["idle"] = true;
            }

            list.Add(entry);
        }

        return new JsonObject { ["operational"] = new JsonObject { [Field] = list.Count > 0 ? list : null } };
    }

    internal static IReadOnlyList<OnDemandSymbol> Read(JsonElement document)
    {
        var entries = new List<OnDemandSymbol>();
        foreach (var (_, text, isIdle) in Texts(document))
        {
            if (Symbol.TryParse(text, out var symbol) && entries.TrueForAll(entry => !entry.Symbol.Equals(symbol)))
            {
                entries.Add(new OnDemandSymbol(symbol, isIdle));
            }
        }

        return entries;
    }

    /// <summary>Returns the symbols as written, with their JSON pointers.</summary>
    internal static IEnumerable<(string Place, string Text, bool IsIdle)> Texts(JsonElement document) =>
        from entry in DocumentPart.Entries(DocumentPart.Of(document, "operational"), Field).Index()
        let text = DocumentPart.Text(entry.Item, "symbol")
        where text is not null
        select ($"/operational/{Field}/{entry.Index}/symbol", text, DocumentPart.Of(entry.Item, "idle").ValueKind == JsonValueKind.True);
}
