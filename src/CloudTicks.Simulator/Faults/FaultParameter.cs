using System.Globalization;
using System.Text.Json.Nodes;

namespace CloudTicks.Simulator.Faults;

/// <param name="Read">Parses the value; null when invalid.</param>
internal sealed record FaultParameter(string Name, object Default, string Range, Func<string, object?> Read)
{
    /// <summary>The maximum duration in days, within the limit of a timer, about 49 days.</summary>
    public const int MaxDays = 40;

    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(MaxDays);

    /// <summary>Creates a parameter whose value is one of a few words; the default is the first one.</summary>
    public static FaultParameter Word(string name, params string[] values) =>
        new(name, values[0], $"one of {string.Join(", ", values)}", text => values.Contains(text) ? text : null);

    public static FaultParameter Number(string name, long defaultValue, long min, long max) =>
        new(name, defaultValue, $"a whole number from {min} to {max}", text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min
            && number <= max ? number : null);

    public static FaultParameter Text(string name, string defaultValue) => new(name, defaultValue, "a text", text => text);

    public static FaultParameter Duration(string name, TimeSpan defaultValue) =>
        new(name, defaultValue, $"a time such as 00:00:05, at most {MaxDays} days", text => ParseDuration(text));

    /// <summary>Parses a duration from 0 to <see cref="MaxDays"/> days, in the format of time settings; null when invalid.</summary>
    public static TimeSpan? ParseDuration(string text) =>
        TimeSetting.TryParse(text, out var time) && time >= TimeSpan.Zero && time <= MaxDuration ? time : null;

    /// <summary>The text of a JSON string, number or boolean; null for anything else.</summary>
    public static string? TextOf(JsonNode? node) => node is JsonValue value ? value.ToString() : null;
}
