using System.Buffers.Binary;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Topics;

/// <summary>
/// A copy of a topic's log entry in the topic's folder, used when the log is damaged. The file is never flushed, because the log has the
/// original.
/// </summary>
internal static class TopicFile
{
    private const string FileName = "topic";
    private const int HeaderBytes = 4;

    /// <summary>Writes the file. A full disk does not prevent the creation of the topic: the next start writes the file.</summary>
    public static void Write(Disk disk, Topic topic)
    {
        using var writer = new WireWriter();
        TopicCreation.Write(writer, topic);
        writer.WriteInt64(topic.SettingsChangedAt);
        var content = new byte[HeaderBytes + writer.Length];
        writer.Written.Span.CopyTo(content.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteUInt32BigEndian(content, Crc32C.Of(content.AsSpan(HeaderBytes)));
        try
        {
            disk.CreateFolder(topic.Folder);
            using var file = disk.Open(Path.Combine(topic.Folder, FileName));
            file.Truncate(content.Length);
            file.Write(0, content);
        }
        catch (Exception e) when (Disk.IsTransient(e))
        {
            // The log has the same content. The next start writes the file again.
        }
    }

    /// <summary>False when the file is missing or incomplete, for example because the disk was full.</summary>
    public static bool IsIntact(Topic topic)
    {
        var path = Path.Combine(topic.Folder, FileName);
        return File.Exists(path) && IsIntact(File.ReadAllBytes(path));
    }

    /// <summary>The topics of all intact files below a folder, oldest first.</summary>
    public static List<StoredTopic> ReadAll(string topicsFolder) =>
    [
        .. Directory.EnumerateDirectories(topicsFolder).Select(folder => Path.Combine(folder, FileName)).Where(File.Exists)
            .Select(File.ReadAllBytes).Where(IsIntact).Select(Read).OrderBy(static topic => topic.Number),
    ];

    private static StoredTopic Read(byte[] content)
    {
        var reader = new WireReader(content.AsSpan(HeaderBytes), isTrusted: true);
        var topic = StoredTopic.Read(ref reader, old: false);
        return reader.Remaining > 0 ? topic with { SettingsChangedAt = reader.ReadInt64() } : topic; // absent in earlier releases
    }

    private static bool IsIntact(byte[] content) =>
        content.Length > HeaderBytes && BinaryPrimitives.ReadUInt32BigEndian(content) == Crc32C.Of(content.AsSpan(HeaderBytes));
}
