using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Documents;

/// <summary>What a change of a document does, in plain terms.</summary>
internal sealed class DocumentDifference
{
    /// <summary>More symbols than these share a line.</summary>
    private const int MostLines = 100;

    private const string NotSet = "not set";

    private readonly JsonObject _beforeDocument;
    private readonly JsonObject _afterDocument;
    private readonly JsonElement _before;
    private readonly JsonElement _after;
    private readonly IReadOnlyList<string> _fields;
    private readonly List<string> _lines = [];

    public DocumentDifference(JsonObject before, JsonObject after, IReadOnlyList<string> fields)
    {
        (_beforeDocument, _afterDocument, _fields) = (before, after, fields);
        (_before, _after) = (JsonSerializer.SerializeToElement(before), JsonSerializer.SerializeToElement(after));
    }

    public async Task<IReadOnlyList<string>> TellAsync(NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (JsonElement.DeepEquals(_before, _after))
        {
            return [];
        }

        var before = await DocumentSelection.ReadAsync(_beforeDocument, lists, now, cancellationToken);
        var after = await DocumentSelection.ReadAsync(_afterDocument, lists, now, cancellationToken);
        TellSelection(before, after);
        TellFields();
        TellRollouts(before, after);
        TellFlags();
        _lines.AddRange(before.Problems.Select(problem => $"before: {problem}"));
        _lines.AddRange(after.Problems);
        return _lines.Count > 0 ? _lines : ["The same is collected in the same way: only what is written changes, such as the order or the spelling of symbols."];
    }

    private void TellSelection(DocumentSelection before, DocumentSelection after)
    {
        if (before.IsNamed != after.IsNamed)
        {
            _lines.Add(after.IsNamed
                ? "The document selects what is collected, in place of the collector's own settings."
                : "The document selects nothing any more: the collector's own settings do.");
        }

        TellSymbols("subscribe", [.. after.Symbols.Except(before.Symbols)]);
        TellSymbols("unsubscribe", [.. before.Symbols.Except(after.Symbols)]);
        TellNames("subscribe the options of", after.Underlyings.Except(before.Underlyings));
        TellNames("unsubscribe the options of", before.Underlyings.Except(after.Underlyings));
    }

    private void TellSymbols(string verb, IReadOnlyList<Symbol> symbols)
    {
        if (symbols.Count > MostLines)
        {
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{verb} {symbols.Count} symbols: {string.Join(", ", symbols)}"));
        }
        else
        {
            TellNames(verb, symbols.Select(symbol => symbol.Name));
        }
    }

    private void TellNames(string verb, IEnumerable<string> names) => _lines.AddRange(names.Select(name => $"{verb} {name}"));

    private void TellFields()
    {
        var (before, after) = (DocumentPart.Of(_before, "operational"), DocumentPart.Of(_after, "operational"));
        // A document of another version of the program may have fields that this one does not know.
        var others = new[] { before, after }.Where(part => part.ValueKind == JsonValueKind.Object).SelectMany(part => part.EnumerateObject()).Select(field => field.Name);
        foreach (var field in _fields.Concat(others).Distinct().Where(field => field is not ("symbols" or "underlyings" or "rollouts")))
        {
            var (old, @new) = (DocumentPart.Of(before, field), DocumentPart.Of(after, field));
            if (!AreEqual(old, @new))
            {
                _lines.Add($"{field}: {Text(old)} -> {Text(@new)}");
            }
        }
    }

    private void TellRollouts(DocumentSelection before, DocumentSelection after)
    {
        foreach (var (key, state) in after.Rollouts)
        {
            var old = before.Rollouts.GetValueOrDefault(key);
            if (old is null)
            {
                _lines.Add($"rollout {key.Flag} of {key.List} begins, {state}");
            }
            else if (old.ToString() != state.ToString())
            {
                _lines.Add($"rollout {key.Flag} of {key.List}: {old} -> {state}");
            }

            if (old is not null && old.Rollout.Guard != state.Rollout.Guard)
            {
                _lines.Add($"rollout {key.Flag} of {key.List}: another guard");
            }
        }

        _lines.AddRange(before.Rollouts.Keys.Except(after.Rollouts.Keys).Select(key => $"rollout {key.Flag} of {key.List} ends"));
    }

    private void TellFlags()
    {
        var (before, after) = (Flags(_before), Flags(_after));
        foreach (var (id, flag) in after)
        {
            if (!before.TryGetValue(id, out var old))
            {
                _lines.Add($"feature flag {id} is new");
            }
            else if (!JsonElement.DeepEquals(old, flag))
            {
                var (was, isNow) = (DocumentPart.Of(old, "enabled"), DocumentPart.Of(flag, "enabled"));
                _lines.Add(AreEqual(was, isNow) ? $"feature flag {id} changes" : $"feature flag {id}: enabled {Text(was)} -> {Text(isNow)}");
            }
        }

        _lines.AddRange(before.Keys.Except(after.Keys).Select(id => $"feature flag {id} is removed"));
    }

    private static Dictionary<string, JsonElement> Flags(JsonElement document)
    {
        var flags = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var flag in DocumentPart.Entries(DocumentPart.Of(document, "feature_management"), "feature_flags"))
        {
            flags.TryAdd(DocumentPart.Text(flag, "id") ?? "", flag);
        }

        return flags;
    }

    private static bool AreEqual(JsonElement left, JsonElement right) =>
        left.ValueKind == JsonValueKind.Undefined || right.ValueKind == JsonValueKind.Undefined ? left.ValueKind == right.ValueKind : JsonElement.DeepEquals(left, right);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => NotSet,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() == 0 => "none",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(entry => entry.ToString())),
        _ => value.GetRawText(),
    };
}
