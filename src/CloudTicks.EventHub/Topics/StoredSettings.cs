using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic's settings in the log, the checkpoint and the topic's file: names and values, without defaults.</summary>
internal static class StoredSettings
{
    public static void Write(WireWriter writer, TopicSettings settings) =>
        writer.WriteArray([.. settings.All().Where(s => !s.IsDefault)], static (w, setting) =>
        {
            w.WriteString(setting.Name);
            w.WriteString(setting.Value);
        });

    /// <param name="reader">Must be at the start of the bytes that <see cref="Write"/> wrote.</param>
    /// <param name="topic">The topic's name, for the message.</param>
    /// <exception cref="StorageException">A newer release wrote an unknown setting.</exception>
    public static TopicSettings Read(ref WireReader reader, string topic)
    {
        var settings = new TopicSettings();
        for (var count = reader.ReadArrayLength(4); count > 0; count--)
        {
            var (setting, value) = (reader.ReadString(), reader.ReadString());
            if (!TopicSettings.TryRestore(ref settings, setting, value))
            {
                throw new StorageException(
                    $"Topic {topic} of the data folder has a setting {setting}, which this release does not support. Use the release that "
                        + "wrote it.");
            }
        }

        return settings;
    }
}
