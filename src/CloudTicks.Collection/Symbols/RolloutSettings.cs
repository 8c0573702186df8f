using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Rollouts;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// The rollouts and feature flags of the settings, as one JSON text, so that a higher configuration layer replaces them as a whole:
/// <c>{"operational":{"rollouts":[{"flag":"nasdaq","list":"nasdaq-100"}]},"feature_management":{"feature_flags":[...]}}</c>.
/// </summary>
[TypeConverter(typeof(TextConverter))]
public sealed class RolloutSettings
{
    private const int MaxDepth = 32;

    private RolloutSettings(RolloutPlan plan, string? problem) => (Plan, Problem) = (plan, problem);

    /// <summary>The rollouts; empty when the text is invalid.</summary>
    internal RolloutPlan Plan { get; }

    /// <summary>Why the text is invalid; null when it is valid.</summary>
    internal string? Problem { get; }

    /// <summary>Parses the text. Errors are reported when the options are validated.</summary>
    /// <param name="text">The JSON text; blank for no rollouts.</param>
    public static RolloutSettings Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new RolloutSettings(RolloutPlan.None, null);
        }

        try
        {
            var json = JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
            return new RolloutSettings(RolloutPlan.Read(json as JsonObject ?? throw new FormatException("It is not a JSON object.")), null);
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return new RolloutSettings(RolloutPlan.None, exception.Message);
        }
    }

    private sealed class TextConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            value is string text ? Parse(text) : base.ConvertFrom(context, culture, value);
    }
}
