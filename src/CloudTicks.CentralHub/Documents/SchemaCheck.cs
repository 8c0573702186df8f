using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudTicks.CentralHub.Documents;

/// <summary>One check of one value by a schema, within a bound of work: schemas that are made of each other could multiply it.</summary>
internal sealed class SchemaCheck(JsonElement root, Func<string, Regex> patternOf)
{
    private const int MaxSteps = 1_000_000;
    private const string TooMuchWork = "It takes too much work to check it by its schema: make the document or the schema smaller.";

    private long _steps;

    public void Check(JsonElement value, FaultList faults)
    {
        Check(root, value, "", faults);
        if (_steps > MaxSteps)
        {
            // What stopped the work may have been one of several forms, of which another fits.
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
            faults.Add(place, "No value is possible here.");
            return;
        }

        if (!HasTimeFor(1))
        {
            faults.Add("", TooMuchWork);
            return;
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(SchemaForm.Resolve(root, reference.GetString()!), value, place, faults);
        }

        if (schema.TryGetProperty("type", out var wanted) && !SchemaValue.IsAny(value, wanted))
        {
            faults.Add(place, $"It is {SchemaValue.Kind(value)}, where {SchemaValue.AnyWanted(wanted)} is wanted.");
            return;
        }

        if (!IsAmong(schema, value, place, faults))
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

        if (schema.TryGetProperty("anyOf", out var any) && Fitting(any, value, out var nearest) == 0)
        {
            faults.Add(place, $"It fits none of the {any.GetArrayLength()} forms that are possible here{nearest}");
        }

        if (schema.TryGetProperty("oneOf", out var one) && Fitting(one, value, out nearest) is var fitting and not 1)
        {
            faults.Add(place, fitting == 0
                ? $"It fits none of the {one.GetArrayLength()} forms of which one is wanted here{nearest}"
                : $"It fits {fitting} of the {one.GetArrayLength()} forms of which exactly one is wanted here.");
        }

        if (schema.TryGetProperty("not", out var not) && Fits(not, value, out _))
        {
            faults.Add(place, "It has the form that is not possible here.");
        }

        if (schema.TryGetProperty("if", out var condition)
            && schema.TryGetProperty(Fits(condition, value, out _) ? "then" : "else", out var consequence))
        {
            Check(consequence, value, place, faults);
        }
    }

    private int Fitting(JsonElement schemas, JsonElement value, out string nearest)
    {
        var fitting = 0;
        FaultList? fewest = null;
        foreach (var schema in schemas.EnumerateArray())
        {
            fitting += Fits(schema, value, out var unmet) ? 1 : 0;
            fewest = fewest is null || unmet.Faults.Count < fewest.Faults.Count ? unmet : fewest;
        }

        var fault = fewest?.Faults.Count > 0 ? fewest.Faults[0] : null;
        nearest = fault is null ? "." : $"; of the nearest one: {$"{fault.Place}: {fault.Detail}".TrimStart(':', ' ')}";
        return fitting;
    }

    private bool Fits(JsonElement schema, JsonElement value, out FaultList unmet)
    {
        unmet = new FaultList();
        Check(schema, value, "", unmet);
        return unmet.IsEmpty;
    }

    /// <summary>Counts work, about as much as looking at one field.</summary>
    private bool HasTimeFor(long steps) => (_steps += steps) <= MaxSteps;

    private bool IsAmong(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
        {
            faults.Add(place, $"It is {Shown.Value(value)}, where {Shown.Value(only)} is wanted.");
            return false;
        }

        if (!schema.TryGetProperty("enum", out var values) || !HasTimeFor(values.GetArrayLength())
            || values.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
        {
            return true;
        }

        var names = values.EnumerateArray().Select(one => one.ToString()).ToArray();
        var meant = value.ValueKind == JsonValueKind.String ? Shown.Meant(value.GetString()!, names) : "";
        faults.Add(place, $"It is {Shown.Value(value)}, which is none of {string.Join(", ", names)}{meant}.");
        return false;
    }

    private void CheckText(JsonElement schema, string text, string place, FaultList faults)
    {
        // JSON schema counts code points.
        var letters = text.EnumerateRunes().Count();
        if (SchemaValue.Bound(schema, "minLength") is { } least && letters < least)
        {
            faults.Add(place, least == 1 ? "It is empty." : $"It has fewer than {least} letters.");
        }
        else if (SchemaValue.Bound(schema, "maxLength") is { } most && letters > most)
        {
            faults.Add(
                place, string.Create(CultureInfo.InvariantCulture, $"It has {letters:N0} letters; at most {most:N0} are possible."));
        }
        else if (schema.TryGetProperty("pattern", out var pattern) && HasTimeFor(text.Length / 8) && !IsMatch(pattern.GetString()!, text))
        {
            faults.Add(place, schema.TryGetProperty("description", out var hint)
                ? $"It is {Shown.Text(text)}. {hint.GetString()}"
                : $"It is {Shown.Text(text)}, which is not of the form {pattern.GetString()}.");
        }
    }

    /// <summary>A pattern that takes too long for a text does not match it.</summary>
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
        if (SchemaValue.Bound(schema, "maxItems") is { } most && length > most)
        {
            faults.Add(place, string.Create(CultureInfo.InvariantCulture, $"It has {length:N0} entries; at most {most:N0} are possible."));
            return;
        }

        if (SchemaValue.Bound(schema, "minItems") is { } least && length < least)
        {
            faults.Add(place, string.Create(CultureInfo.InvariantCulture, $"It has {length:N0} entries; at least {least:N0} are wanted."));
        }

        var unique = schema.TryGetProperty("uniqueItems", out var flag) && flag.GetBoolean()
            ? new HashSet<string>(StringComparer.Ordinal)
            : null;
        foreach (var (index, entry) in value.EnumerateArray().Index())
        {
            if (unique?.Add(SchemaValue.Canonical(entry)) == false)
            {
                faults.Add(JsonPointer.Of(place, index), $"It is {Shown.Value(entry)} again.");
            }

            if (schema.TryGetProperty("items", out var items))
            {
                Check(items, entry, JsonPointer.Of(place, index), faults);
            }
        }
    }

    private void CheckObject(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var fields = value.GetPropertyCount();
        if (schema.TryGetProperty("required", out var required) && HasTimeFor(required.GetArrayLength() * (1 + (fields / 16L))))
        {
            foreach (var name in required.EnumerateArray().Select(name => name.GetString()!)
                .Where(name => !value.TryGetProperty(name, out _)))
            {
                faults.Add(JsonPointer.Of(place, name), $"'{name}' is missing.");
            }
        }

        CheckSize(schema, value, place, faults);
        var known = schema.TryGetProperty("properties", out var properties) ? properties.GetPropertyCount() : 0;
        if (!HasTimeFor(fields * (1 + (known / 16L))))
        {
            return;
        }

        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : (JsonElement?)null;
        foreach (var property in value.EnumerateObject())
        {
            if (known > 0 && properties.TryGetProperty(property.Name, out var ofField))
            {
                Check(ofField, property.Value, JsonPointer.Of(place, property.Name), faults);
            }
            else if (SecretLook.IsSecret(property.Name))
            {
                // Told already, at the object, because the pointer would repeat it.
                continue;
            }
            else if (others is { ValueKind: JsonValueKind.False })
            {
                string[] names = known > 0 ? [.. properties.EnumerateObject().Select(field => field.Name)] : [];
                var possible = names.Length > 0 ? $"There are {string.Join(", ", names)}." : "There is none.";
                faults.Add(
                    JsonPointer.Of(place, property.Name),
                    $"There is no field {Shown.Text(property.Name)} here{Shown.Meant(property.Name, names)}. {possible}");
            }
            else if (others is { ValueKind: JsonValueKind.Object } schemaOfOthers)
            {
                Check(schemaOfOthers, property.Value, JsonPointer.Of(place, property.Name), faults);
            }
        }
    }

    private static void CheckSize(JsonElement schema, JsonElement value, string place, FaultList faults)
    {
        var (least, most) = (SchemaValue.Bound(schema, "minProperties"), SchemaValue.Bound(schema, "maxProperties"));
        if (value.GetPropertyCount() is var count && (count < least || count > most))
        {
            faults.Add(place, string.Create(
                CultureInfo.InvariantCulture, $"It has {count:N0} fields{SchemaValue.Possible(least, most)}."));
        }
    }
}
