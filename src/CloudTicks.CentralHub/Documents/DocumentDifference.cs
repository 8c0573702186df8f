using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Describes the effect of a change to a document.</summary>
public sealed class DocumentDifference
{
    private const string NotSet = "not set";
    private const string FlagsPlace = "feature_management.feature_flags";
    private const int MaxValues = 100;
    private const int MaxCharacters = 200;

    private readonly JsonElement _before;
    private readonly JsonElement _after;
    private readonly IReadOnlyList<string> _fields;
    private readonly List<string> _lines = [];

    internal DocumentDifference(JsonObject before, JsonObject after, IReadOnlyList<string> fields)
    {
        (Before, After, _fields) = (before, after, fields);
        (_before, _after) = (JsonSerializer.SerializeToElement(before), JsonSerializer.SerializeToElement(after));
    }

    /// <summary>The document before the change.</summary>
    public JsonObject Before { get; }

    /// <summary>The document after the change.</summary>
    public JsonObject After { get; }

    /// <summary>Whether both documents are the same.</summary>
    public bool IsEmpty => JsonElement.DeepEquals(_before, _after);

    /// <summary>The lines of the description so far.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds lines.</summary>
    public void Add(params IEnumerable<string> lines) => _lines.AddRange(lines);

    /// <summary>Adds a line for each operational field whose value changes.</summary>
    /// <param name="except">Fields that the service describes itself.</param>
    public void AddFields(params IReadOnlyCollection<string> except)
    {
        var (before, after) = (DocumentPart.Of(_before, "operational"), DocumentPart.Of(_after, "operational"));
        // A document of another version of the program may have fields that are unknown to this version.
        var others = new[] { before, after }.Where(part => part.ValueKind == JsonValueKind.Object)
            .SelectMany(part => part.EnumerateObject()).Select(field => field.Name);
        foreach (var field in _fields.Concat(others).Distinct().Except(except))
        {
            var (old, @new) = (DocumentPart.Of(before, field), DocumentPart.Of(after, field));
            if (!AreEqual(old, @new))
            {
                _lines.Add($"{field}: {Text(old)} -> {Text(@new)}");
            }
        }
    }

    /// <summary>Adds a line for each value that changes, except feature flags.</summary>
    public void AddValues()
    {
        var first = _lines.Count;
        AddValues("", _before, _after);
        if (_lines.Count - first > MaxValues)
        {
            var omitted = _lines.Count - first - MaxValues;
            _lines.RemoveRange(first + MaxValues, omitted);
            _lines.Add($"{omitted} more values change");
        }
    }

    /// <summary>Adds a line for each feature flag that changes.</summary>
    public void AddFlags()
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
                var (oldValue, newValue) = (DocumentPart.Of(old, "enabled"), DocumentPart.Of(flag, "enabled"));
                _lines.Add(AreEqual(oldValue, newValue)
                    ? $"feature flag {id} changes"
                    : $"feature flag {id}: enabled {Text(oldValue)} -> {Text(newValue)}");
            }
        }

        _lines.AddRange(before.Keys.Except(after.Keys).Select(id => $"feature flag {id} is removed"));
    }

    private void AddValues(string place, JsonElement before, JsonElement after)
    {
        if (place == FlagsPlace || AreEqual(before, after))
        {
            return;
        }

        if (before.ValueKind != JsonValueKind.Object || after.ValueKind != JsonValueKind.Object)
        {
            _lines.Add($"{place}: {Short(before)} -> {Short(after)}");
            return;
        }

        foreach (var name in before.EnumerateObject().Concat(after.EnumerateObject()).Select(field => field.Name).Distinct())
        {
            AddValues(
                place.Length == 0 ? name : $"{place}.{name}", DocumentPart.Of(before, name), DocumentPart.Of(after, name));
        }
    }

    private static string Short(JsonElement value) =>
        Text(value) is { Length: > MaxCharacters } text ? string.Concat(text.AsSpan(0, MaxCharacters), "...") : Text(value);

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
        left.ValueKind == JsonValueKind.Undefined || right.ValueKind == JsonValueKind.Undefined
            ? left.ValueKind == right.ValueKind
            : JsonElement.DeepEquals(left, right);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => NotSet,
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() == 0 => "none",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(entry => entry.ToString())),
        _ => value.GetRawText(),
    };
}
