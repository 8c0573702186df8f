using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic's settings, under Kafka's names: chosen when it is created, most of them changed later.</summary>
internal sealed record TopicSettings
{
    public const string SegmentBytesName = "segment.bytes";
    public const string MaxMessageBytesName = "max.message.bytes";
    public const string RetentionMsName = "retention.ms";
    public const string RetentionBytesName = "retention.bytes";
    public const string CleanupPolicyName = "cleanup.policy";

    private const string DeletePolicy = "delete";
    private const string CompactPolicy = "compact";
    private const int MinSegmentBytes = 64 * 1024;
    private const string CreateTimeName = "CreateTime";
    private const string LogAppendTimeName = "LogAppendTime";
    private static readonly TimeSpan MinRollAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxRollAge = TimeSpan.FromDays(7);

    /// <summary>Every setting that a topic has, in the order in which clients see them.</summary>
    public static IReadOnlyList<TopicSetting> Table { get; } =
    [
        TopicSetting.Choice(
            CleanupPolicyName, SettingType.List, [DeletePolicy, CompactPolicy, "compact,delete", "delete,compact"],
            static s => s.CleanupPolicy, static (s, value) => s with { CleanupPolicy = value },
            "delete: records are deleted by retention.ms and retention.bytes. compact: of each key the newest record stays."),
        TopicSetting.Number(
            RetentionMsName, SettingType.Long, -1, long.MaxValue, static s => s.RetentionMs, static (s, n) => s with { RetentionMs = n },
            "How many milliseconds records are kept; -1: no limit.", "milliseconds, or -1 for ever"),
        TopicSetting.Number(
            RetentionBytesName, SettingType.Long, -1, long.MaxValue, static s => s.RetentionBytes,
            static (s, n) => s with { RetentionBytes = n },
            "A partition keeps at least this many bytes, and older ones are deleted; -1: no limit.",
            "bytes of each partition, or -1 for all"),
        TopicSetting.Number(
            SegmentBytesName, SettingType.Int, MinSegmentBytes, int.MaxValue, static s => s.SegmentBytes,
            static (s, n) => s with { SegmentBytes = (int)n }, "The size of a segment file."),
        TopicSetting.Number(
            "segment.ms", SettingType.Long, 1, long.MaxValue, static s => s.SegmentMs, static (s, n) => s with { SegmentMs = n },
            "A segment file that is older takes no more records. Without it a topic with retention.ms begins a new one after a quarter of "
                + "that time."),
        TopicSetting.Number(
            MaxMessageBytesName, SettingType.Int, 1, int.MaxValue, static s => s.MaxMessageBytes,
            static (s, n) => s with { MaxMessageBytes = (int)n }, "The size of the largest record batch, compressed."),
        TopicSetting.Number(
            "delete.retention.ms", SettingType.Long, 0, long.MaxValue, static s => s.DeleteRetentionMs,
            static (s, n) => s with { DeleteRetentionMs = n },
            "How many milliseconds the tombstone of a key is kept after it was first compacted."),
        TopicSetting.Number(
            "min.compaction.lag.ms", SettingType.Long, 0, long.MaxValue, static s => s.MinCompactionLagMs,
            static (s, n) => s with { MinCompactionLagMs = n },
            "How many milliseconds a record stays as it is before it may be compacted."),
        TopicSetting.Number(
            "max.compaction.lag.ms", SettingType.Long, 1, long.MaxValue, static s => s.MaxCompactionLagMs,
            static (s, n) => s with { MaxCompactionLagMs = n },
            "After how many milliseconds a record is compacted, however little there is to compact."),
        TopicSetting.Ratio(
            "min.cleanable.dirty.ratio", static s => s.MinCleanableDirtyRatio, static (s, n) => s with { MinCleanableDirtyRatio = n },
            "The share of a partition's bytes that were never compacted, from which on it is compacted."),
        TopicSetting.Only(
            "min.insync.replicas", SettingType.Int, "1", "There is one broker, and it acknowledges what it has flushed to its disk."),
        TopicSetting.Only(
            "unclean.leader.election.enable", SettingType.Boolean, "false", "There is one broker, and no leader is elected."),
        TopicSetting.Only("compression.type", SettingType.String, "producer", "Batches are stored as producers compressed them."),
        TopicSetting.Choice(
            "message.timestamp.type", SettingType.String, [CreateTimeName, LogAppendTimeName],
            static s => s.LogAppendTime ? LogAppendTimeName : CreateTimeName,
            static (s, word) => s with { LogAppendTime = word == LogAppendTimeName },
            "Whether records have the times that their producers gave them, or the time at which the broker took them."),
        TopicSetting.Only("preallocate", SettingType.Boolean, "false", "Segment files grow as records arrive."),
        TopicSetting.Fulfilled("flush.messages", 1, long.MaxValue, "Every batch is flushed before it is acknowledged."),
        TopicSetting.Fulfilled("flush.ms", 0, long.MaxValue, "Every batch is flushed before it is acknowledged."),
    ];

    private static readonly FrozenDictionary<string, TopicSetting> ByName = Table.ToFrozenDictionary(static row => row.Name);

    /// <summary>What happens to old records, in Kafka's words.</summary>
    public string CleanupPolicy { get; init; } = DeletePolicy;

    /// <summary>A new segment file begins when the newest one would grow beyond it. 64 KiB to 2 GiB.</summary>
    public int SegmentBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Milliseconds after which a segment takes no more records.</summary>
    public long SegmentMs { get; init; } = long.MaxValue;

    /// <summary>True when records get the time at which the broker took them.</summary>
    public bool LogAppendTime { get; init; }

    /// <summary>The largest record batch, in bytes as sent.</summary>
    public int MaxMessageBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Milliseconds that records are kept; -1 for ever.</summary>
    public long RetentionMs { get; init; } = -1;

    /// <summary>Bytes of a partition that are kept at least when older ones go; -1 for all.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>Milliseconds that a tombstone is kept after it was first compacted.</summary>
    public long DeleteRetentionMs { get; init; } = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>Milliseconds that a record stays as it is before it may be compacted.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary>Milliseconds after which a record is compacted, however little there is to compact.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary>The share of the bytes that were never compacted from which on a partition is compacted.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary>The values that a client set, by name, be they those of the default.</summary>
    public ImmutableSortedDictionary<string, string> Chosen { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>True when records go by their age or by the size of their partition.</summary>
    public bool Expires => CleanupPolicy.Contains(DeletePolicy, StringComparison.Ordinal) && (RetentionMs >= 0 || RetentionBytes >= 0);

    /// <summary>True when of each key only the newest record stays.</summary>
    public bool Compacts => CleanupPolicy.Contains(CompactPolicy, StringComparison.Ordinal);

    /// <summary>
    /// After this long a segment takes no more: <c>segment.ms</c>, and a quarter of the time that records are kept, 10 seconds at least and
    /// 7 days at most, so that it can go as a whole although records keep coming. A segment of a compacted topic takes no more after
    /// <c>max.compaction.lag.ms</c> or 7 days, because the newest one is never compacted. Null when none of it is set.
    /// </summary>
    public TimeSpan? RollAge
    {
        get
        {
            var byRetention = RetentionMs < 0 || !Expires ? double.MaxValue
                : Math.Clamp(RetentionMs / 4, MinRollAge.TotalMilliseconds, MaxRollAge.TotalMilliseconds);
            var byCompaction = Compacts ? Math.Min(MaxCompactionLagMs, MaxRollAge.TotalMilliseconds) : double.MaxValue;
            var age = Math.Min(SegmentMs, Math.Min(byRetention, byCompaction));
            return age < TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.FromMilliseconds(age) : null;
        }
    }

    public static TopicSetting? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Every setting with its value, as clients are shown it.</summary>
    public IReadOnlyList<(string Name, string Value, bool IsDefault)> All() =>
    [
        .. Table.Select(row => (Row: row, Value: row.Read(this)))
            .Select(s => (s.Row.Name, s.Value, s.Value == s.Row.Default && !Chosen.ContainsKey(s.Row.Name))),
    ];

    /// <returns>What is wrong with it, in a sentence, or null.</returns>
    public static string? TrySet(ref TopicSettings settings, string name, string? value)
    {
        if (Find(name) is not { } row)
        {
            return $"{name} is no setting of this broker";
        }

        if (value is null || !row.Accepts(value))
        {
            return $"{name} is {value ?? "null"}; it must be {row.Wanted}";
        }

        TryRestore(ref settings, name, value);
        return null;
    }

    /// <summary>Applies one setting as it was stored, whatever bounds there are by now.</summary>
    /// <returns>False when it is none that is known.</returns>
    public static bool TryRestore(ref TopicSettings settings, string name, string value)
    {
        if (Find(name) is not { } row)
        {
            return false;
        }

        settings = row.Write(settings with { Chosen = settings.Chosen.SetItem(name, value) }, value);
        return true;
    }

    /// <summary>The same settings with one of them back at its default.</summary>
    public TopicSettings Reset(TopicSetting row) => row.Write(this, row.Default) with { Chosen = Chosen.Remove(row.Name) };
}
