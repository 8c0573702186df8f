using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Apis;

/// <summary>Where the value of a setting comes from, by the protocol's numbers.</summary>
internal enum SettingSource : sbyte
{
    Topic = 1,
    Broker = 4,
    Default = 5,
}

/// <summary>A setting as DescribeConfigs and CreateTopics answer it.</summary>
/// <param name="Synonyms">Where its value could come from, the source in force first.</param>
internal sealed record DescribedSetting(
    string Name, string? Value, bool ReadOnly, SettingSource Source, SettingType Type, string? Documentation,
    IReadOnlyCollection<(string Name, string? Value, SettingSource Source)> Synonyms);
