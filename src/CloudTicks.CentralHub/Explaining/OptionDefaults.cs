using System.Collections;
using System.Globalization;
using System.Reflection;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>The default values of a section's options.</summary>
/// <param name="type">The options' type, with a parameterless constructor.</param>
internal sealed class OptionDefaults(string section, Type type)
{
    public IEnumerable<KeyValuePair<string, string?>> Read()
    {
        var defaults = Activator.CreateInstance(type);
        return type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property is { CanRead: true, CanWrite: true } && property.GetIndexParameters().Length == 0)
            .Select(property => new KeyValuePair<string, string?>($"{section}:{property.Name}", Text(property.GetValue(defaults))));
    }

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(',', list.Cast<object?>().Select(Text)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
