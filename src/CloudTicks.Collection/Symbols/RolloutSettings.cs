using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Rollouts;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// The rollouts and feature flags of the settings, which one JSON text holds so that they replace those of a lower layer whole:
/// <c>{"operational":{"rollouts":[{"flag":"nasdaq","list":"nasdaq-100"}]},"feature_management":{"feature_flags":[...]}}</c>.
/// </summary>
[TypeConverter(typeof(TextConverter))]
public sealed class RolloutSettings
{
    private const int MaxDepth = 32;

    private RolloutSettings(RolloutPlan plan, string? problem) => (Plan, Problem) = (plan, problem);

    /// <summary>The rollouts; none where they cannot be read.</summary>
    internal RolloutPlan Plan { get; }

    /// <summary>Why they cannot be read; null when they can.</summary>
    internal string? Problem { get; }

    /// <summary>Reads the text. What is wrong with it is reported when the options are validated.</summary>
    /// <param name="text">The JSON text; a blank one has no rollouts.</param>
    public static RolloutSettings Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new RolloutSettings(RolloutPlan.None, null);
        }

        try
        {
            var json = JsonNode.Parse(text, null, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
            return new RolloutSettings(RolloutPlan.Read(json as JsonObject ?? throw new FormatException("It is no JSON object.")), null);
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
