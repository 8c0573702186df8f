using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic in the log, a checkpoint or the topic's file.</summary>
/// <param name="SettingsChangedAt">See <see cref="Topic.SettingsChangedAt"/>.</param>
internal sealed record StoredTopic(
    int Number, Guid Id, string Name, int Partitions, TopicSettings Settings, long SettingsChangedAt = -1)
{
    /// <param name="reader">Must be at the start of the bytes that <see cref="TopicCreation.Write"/> wrote.</param>
    /// <param name="old">True for the layout of the first releases, which had two numbers instead of the settings.</param>
    public static StoredTopic Read(ref WireReader reader, bool old)
    {
        var (number, id, name, partitions) = (reader.ReadInt32(), reader.ReadGuid(), reader.ReadString(), reader.ReadInt32());
        var settings = old
            ? new TopicSettings { SegmentBytes = reader.ReadInt32(), MaxMessageBytes = reader.ReadInt32() }
            : StoredSettings.Read(ref reader, name);
        return new StoredTopic(number, id, name, partitions, settings);
    }
}
