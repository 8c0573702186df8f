using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Apis;

/// <summary>The source of a setting's value, with the protocol's numbers.</summary>
internal enum SettingSource : sbyte
{
    Topic = 1,
    Broker = 4,
    Default = 5,
}

/// <summary>A setting in a response to DescribeConfigs or CreateTopics.</summary>
/// <param name="Synonyms">The sources of the setting's value, in order of precedence.</param>
internal sealed record DescribedSetting(
    string Name, string? Value, bool ReadOnly, SettingSource Source, SettingType Type, string? Documentation,
    IReadOnlyCollection<(string Name, string? Value, SettingSource Source)> Synonyms);
