using System.Globalization;
using System.Text.Json;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Maps an operational field of a document to a setting of the service's process.</summary>
public sealed class SettingField
{
    private readonly string _field;
    private readonly string _setting;
    private readonly Func<JsonElement, string?> _text;

    private SettingField(string field, string setting, Func<JsonElement, string?> text) =>
        (_field, _setting, _text) = (field, setting, text);

    /// <summary>Maps a text field.</summary>
    public static SettingField Text(string field, string setting) =>
        new(field, setting, value => value.ValueKind == JsonValueKind.String ? value.GetString() : null);

    /// <summary>Maps a field that is true or false.</summary>
    public static SettingField Flag(string field, string setting) => new(field, setting, value => value.ValueKind switch
    {
        JsonValueKind.True => bool.TrueString,
        JsonValueKind.False => bool.FalseString,
        _ => null,
    });

    /// <summary>Maps an integer field.</summary>
    public static SettingField Number(string field, string setting) => new(field, setting, value =>
        SchemaValue.Number(value) is { } number && number == decimal.Truncate(number)
            ? number.ToString("0", CultureInfo.InvariantCulture)
            : null);

    /// <summary>Maps a field with a number of seconds.</summary>
    public static SettingField Seconds(string field, string setting) => new(field, setting, value => Time(value, TimeSpan.TicksPerSecond));

    /// <summary>Maps a field with a number of days.</summary>
    public static SettingField Days(string field, string setting) => new(field, setting, value => Time(value, TimeSpan.TicksPerDay));

    /// <summary>Converts a document to settings. A value of the wrong type is skipped.</summary>
    public static Dictionary<string, string?> Read(JsonElement document, IEnumerable<SettingField> fields)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var operational = DocumentPart.Of(document, "operational");
        foreach (var field in fields)
        {
            if (field._text(DocumentPart.Of(operational, field._field)) is { } value)
            {
                settings[field._setting] = value;
            }
        }

        return settings;
    }

    /// <summary>Returns the names of the fields, keyed by the name of their setting.</summary>
    public static Dictionary<string, string> Names(IEnumerable<SettingField> fields) =>
        fields.ToDictionary(field => field._setting, field => field._field);

    private static string? Time(JsonElement value, long unit) =>
        SchemaValue.Number(value) is { } number && Math.Abs(number) <= long.MaxValue / unit
            ? new TimeSpan((long)(number * unit)).ToString("c", CultureInfo.InvariantCulture)
            : null;
}
