using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Checks a value against a schema. The amount of work is limited, because nested schemas can multiply it.</summary>
internal sealed class SchemaCheck(JsonElement root, Func<string, Regex> patternOf)
{
    private const int MaxSteps = 1_000_000;
    private const string TooMuchWork = "Checking it against the schema takes too much work: make the document or the schema smaller.";

    private long _steps;

    public void Check(JsonElement value, FaultList faults)
    {
        Check(root, value, "", faults);
        if (_steps > MaxSteps)
        {
            // Report the limit here: when it is exceeded inside anyOf or oneOf, that fault only counts as a mismatch.
            faults.Add("", TooMuchWork);
        }
    }

    private void Check(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        if (schema.ValueKind == JsonValueKind.True)
        {
            return;
        }

        if (schema.ValueKind == JsonValueKind.False)
        {
            faults.Add(place, "No value is allowed here.");
            return;
        }

        if (!TryCount(1))
        {
            faults.Add("", TooMuchWork);
            return;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(SchemaSyntaxCheck.Resolve(root, reference.GetString()!), value, place, faults);
        }

        if (schema.TryGetProperty("type", out var expected) && !SchemaValue.HasExpectedType(value, expected))
        {
            faults.Add(place, $"It is {SchemaValue.Kind(value)} instead of {SchemaValue.ExpectedTypes(expected)}.");
            return;
        }

        if (!HasAllowedValue(schema, value, place, faults))
        {
            return;
        }

        CheckKind(schema, value, place, faults);
        CheckParts(schema, value, place, faults);
    }

    private void CheckKind(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                SchemaValue.CheckNumber(schema, value, place, faults);
                break;
            case JsonValueKind.String:
                CheckText(schema, value.GetString()!, place, faults);
                break;
            case JsonValueKind.Array:
                CheckArray(schema, value, place, faults);
                break;
            case JsonValueKind.Object:
                CheckObject(schema, value, place, faults);
                break;
        }
    }

    private void CheckParts(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
            {
                Check(part, value, place, faults);
            }
        }

        if (schema.TryGetProperty("anyOf", out var any) && CountMatches(any, value, out var nearest) == 0)
        {
            faults.Add(place, $"It matches none of the {any.GetArrayLength()} allowed forms{nearest}");
        }

        if (schema.TryGetProperty("oneOf", out var one) && CountMatches(one, value, out nearest) is var matches and not 1)
        {
            faults.Add(place, matches == 0
                ? $"It matches none of the {one.GetArrayLength()} allowed forms{nearest}"
                : $"It matches {matches} of the {one.GetArrayLength()} forms instead of exactly one.");
        }

        if (schema.TryGetProperty("not", out var not) && Matches(not, value, out _))
        {
            faults.Add(place, "It has a form that the schema forbids.");
        }

        if (schema.TryGetProperty("if", out var condition)
            && schema.TryGetProperty(Matches(condition, value, out _) ? "then" : "else", out var consequence))
        {
            Check(consequence, value, place, faults);
        }
    }

    private int CountMatches(JsonElement schemas, JsonElement value, out string nearest)
    {
        var matches = 0;
        FaultList? fewest = null;
        foreach (var schema in schemas.EnumerateArray())
        {
            matches += Matches(schema, value, out var unmetFaults) ? 1 : 0;
            fewest = fewest is null || unmetFaults.Faults.Count < fewest.Faults.Count ? unmetFaults : fewest;
        }

        var fault = fewest?.Faults.Count > 0 ? fewest.Faults[0] : null;
        nearest = fault is null ? "." : $"; the closest one: {$"{fault.Place}: {fault.Detail}".TrimStart(':', ' ')}";
        return matches;
    }

    private bool Matches(JsonElement schema, JsonElement value, out FaultList unmetFaults)
    {
        unmetFaults = new FaultList();
        Check(schema, value, "", unmetFaults);
        return unmetFaults.IsEmpty;
    }

    /// <summary>Counts work, and returns false above the limit. One step is roughly the check of one field.</summary>
    private bool TryCount(long steps) => (_steps += steps) <= MaxSteps;

    private bool HasAllowedValue(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        if (schema.TryGetProperty("const", out var expectedValue) && !JsonElement.DeepEquals(expectedValue, value))
        {
            faults.Add(place, $"It is {FaultText.Value(value)} instead of {FaultText.Value(expectedValue)}.");
            return false;
        }

        if (!schema.TryGetProperty("enum", out var values) || !TryCount(values.GetArrayLength())
            || values.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
        {
            return true;
        }

        var names = values.EnumerateArray().Select(one => one.ToString()).ToArray();
        var suggestion = value.ValueKind == JsonValueKind.String ? FaultText.Suggestion(value.GetString()!, names) : "";
        faults.Add(place, $"It is {FaultText.Value(value)}, which is none of {string.Join(", ", names)}{suggestion}.");
        return false;
    }

    private void CheckText(JsonElement schema, string text, string place, FaultList faults)
    {
        // JSON schema counts code points.
        var characters = text.EnumerateRunes().Count();
        if (SchemaValue.Bound(schema, "minLength") is { } min && characters < min)
        {
            faults.Add(place, min == 1 ? "It is empty." : $"It has fewer than {min} characters.");
        }
        else if (SchemaValue.Bound(schema, "maxLength") is { } max && characters > max)
        {
            faults.Add(
                place, string.Create(CultureInfo.InvariantCulture, $"It has {characters:N0} characters; at most {max:N0} are allowed."));
        }
        else if (schema.TryGetProperty("pattern", out var pattern) && TryCount(text.Length / 8) && !IsMatch(pattern.GetString()!, text))
        {
            faults.Add(place, schema.TryGetProperty("description", out var hint)
                ? $"It is {FaultText.Quote(text)}. {hint.GetString()}"
                : $"It is {FaultText.Quote(text)}, which is not of the form {pattern.GetString()}.");
        }
    }

    /// <summary>Matches a text. A pattern that exceeds its time limit does not match.</summary>
    private bool IsMatch(string pattern, string text)
    {
        try
        {
            return patternOf(pattern).IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private void CheckArray(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var length = value.GetArrayLength();
        if (SchemaValue.Bound(schema, "maxItems") is { } max && length > max)
        {
            faults.Add(place, string.Create(CultureInfo.InvariantCulture, $"It has {length:N0} entries; at most {max:N0} are allowed."));
            return;
        }

        if (SchemaValue.Bound(schema, "minItems") is { } min && length < min)
        {
            faults.Add(place, string.Create(CultureInfo.InvariantCulture, $"It has {length:N0} entries; at least {min:N0} are required."));
        }

        var uniqueValues = schema.TryGetProperty("uniqueItems", out var flag) && flag.GetBoolean()
            ? new HashSet<string>(StringComparer.Ordinal)
            : null;
        foreach (var (index, entry) in value.EnumerateArray().Index())
        {
            if (uniqueValues?.Add(SchemaValue.Canonical(entry)) == false)
            {
                faults.Add(JsonPointer.Of(place, index), $"It is a duplicate of {FaultText.Value(entry)}.");
            }

            if (schema.TryGetProperty("items", out var items))
            {
                Check(items, entry, JsonPointer.Of(place, index), faults);
            }
        }
    }

    private void CheckObject(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var fieldCount = value.GetPropertyCount();
        if (schema.TryGetProperty("required", out var required) && TryCount(required.GetArrayLength() * (1 + (fieldCount / 16L))))
        {
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!)
                .Where(name => !value.TryGetProperty(name, out _)))
            {
                faults.Add(JsonPointer.Of(place, name), $"'{name}' is missing.");
            }
        }

        CheckSize(schema, value, place, faults);
        var knownCount = schema.TryGetProperty("properties", out var properties) ? properties.GetPropertyCount() : 0;
        if (!TryCount(fieldCount * (1 + (knownCount / 16L))))
        {
            return;
        }

        var additionalProperties = schema.TryGetProperty("additionalProperties", out var additional) ? additional : (JsonElement?)null;
        foreach (var property in value.EnumerateObject())
        {
            if (knownCount > 0 && properties.TryGetProperty(property.Name, out var fieldSchema))
            {
                Check(fieldSchema, property.Value, JsonPointer.Of(place, property.Name), faults);
            }
            else if (SecretDetector.IsSecret(property.Name))
            {
                // The fault was already reported for the object, because a pointer to the field would repeat the name.
                continue;
            }
            else if (additionalProperties is { ValueKind: JsonValueKind.False })
            {
                string[] names = knownCount > 0 ? [.. properties.EnumerateObject().Select(field => field.Name)] : [];
                var fieldHint = names.Length > 0 ? $"The fields are {string.Join(", ", names)}." : "No field is allowed here.";
                faults.Add(
                    JsonPointer.Of(place, property.Name),
                    $"There is no field {FaultText.Quote(property.Name)} here{FaultText.Suggestion(property.Name, names)}. {fieldHint}");
            }
            else if (additionalProperties is { ValueKind: JsonValueKind.Object } schemaOfOthers)
            {
                Check(schemaOfOthers, property.Value, JsonPointer.Of(place, property.Name), faults);
            }
        }
    }

    private static void CheckSize(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var (min, max) = (SchemaValue.Bound(schema, "minProperties"), SchemaValue.Bound(schema, "maxProperties"));
        if (value.GetPropertyCount() is var count && (count < min || count > max))
        {
            faults.Add(place, string.Create(
                CultureInfo.InvariantCulture, $"It has {count:N0} fields{SchemaValue.RangeText(min, max)}."));
        }
    }
}
