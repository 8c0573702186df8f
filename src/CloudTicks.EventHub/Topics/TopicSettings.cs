using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic's settings under Kafka's names. They are set at creation and can be changed later.</summary>
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

    /// <summary>All settings of a topic, in the order of responses.</summary>
    public static IReadOnlyList<TopicSetting> Table { get; } =
    [
        TopicSetting.Choice(
            CleanupPolicyName, SettingType.List, [DeletePolicy, CompactPolicy, "compact,delete", "delete,compact"],
            static s => s.CleanupPolicy, static (s, value) => s with { CleanupPolicy = value },
            "delete: retention.ms and retention.bytes delete records. compact: only the newest record of each key is kept."),
        TopicSetting.Number(
            RetentionMsName, SettingType.Long, -1, long.MaxValue, static s => s.RetentionMs, static (s, n) => s with { RetentionMs = n },
            "Milliseconds that records are kept; -1: no limit.", "a number of milliseconds, or -1 for no limit"),
        TopicSetting.Number(
            RetentionBytesName, SettingType.Long, -1, long.MaxValue, static s => s.RetentionBytes,
            static (s, n) => s with { RetentionBytes = n },
            "A partition keeps at least this many bytes of its newest records; older ones are deleted. -1: no limit.",
            "a number of bytes for each partition, or -1 for no limit"),
        TopicSetting.Number(
            SegmentBytesName, SettingType.Int, MinSegmentBytes, int.MaxValue, static s => s.SegmentBytes,
            static (s, n) => s with { SegmentBytes = (int)n }, "The maximum size of a segment file in bytes."),
        TopicSetting.Number(
            "segment.ms", SettingType.Long, 1, long.MaxValue, static s => s.SegmentMs, static (s, n) => s with { SegmentMs = n },
            "Milliseconds before a new segment file begins; retention.ms and max.compaction.lag.ms can shorten this time."),
        TopicSetting.Number(
            MaxMessageBytesName, SettingType.Int, 1, int.MaxValue, static s => s.MaxMessageBytes,
            static (s, n) => s with { MaxMessageBytes = (int)n }, "The maximum size of a compressed record batch in bytes."),
        TopicSetting.Number(
            "delete.retention.ms", SettingType.Long, 0, long.MaxValue, static s => s.DeleteRetentionMs,
            static (s, n) => s with { DeleteRetentionMs = n },
            "Milliseconds that a tombstone is kept after its first compaction."),
        TopicSetting.Number(
            "min.compaction.lag.ms", SettingType.Long, 0, long.MaxValue, static s => s.MinCompactionLagMs,
            static (s, n) => s with { MinCompactionLagMs = n },
            "Milliseconds before a record may be compacted."),
        TopicSetting.Number(
            "max.compaction.lag.ms", SettingType.Long, 1, long.MaxValue, static s => s.MaxCompactionLagMs,
            static (s, n) => s with { MaxCompactionLagMs = n },
            "Milliseconds after which a record is compacted, regardless of min.cleanable.dirty.ratio."),
        TopicSetting.Ratio(
            "min.cleanable.dirty.ratio", static s => s.MinCleanableDirtyRatio, static (s, n) => s with { MinCleanableDirtyRatio = n },
            "A partition is compacted when at least this fraction of its bytes has never been compacted."),
        TopicSetting.Fixed(
            "min.insync.replicas", SettingType.Int, "1", "The cluster has one broker, which acknowledges flushed records."),
        TopicSetting.Fixed(
            "unclean.leader.election.enable", SettingType.Boolean, "false", "The cluster has one broker, and elects no leader."),
        TopicSetting.Fixed("compression.type", SettingType.String, "producer", "Batches are stored as the producer compressed them."),
        TopicSetting.Choice(
            "message.timestamp.type", SettingType.String, [CreateTimeName, LogAppendTimeName],
            static s => s.LogAppendTime ? LogAppendTimeName : CreateTimeName,
            static (s, value) => s with { LogAppendTime = value == LogAppendTimeName },
            "Whether a record has its producer's time, or the time at which the broker received it."),
        TopicSetting.Fixed("preallocate", SettingType.Boolean, "false", "Segment files grow as records arrive."),
        TopicSetting.AlwaysSatisfied("flush.messages", 1, long.MaxValue, "Every batch is flushed before it is acknowledged."),
        TopicSetting.AlwaysSatisfied("flush.ms", 0, long.MaxValue, "Every batch is flushed before it is acknowledged."),
    ];

    private static readonly FrozenDictionary<string, TopicSetting> ByName = Table.ToFrozenDictionary(static row => row.Name);

    /// <summary>What happens to old records, as in Kafka.</summary>
    public string CleanupPolicy { get; init; } = DeletePolicy;

    /// <summary>Maximum bytes of a segment file, from 64 KiB to 2 GiB.</summary>
    public int SegmentBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Maximum age of the growing segment in milliseconds.</summary>
    public long SegmentMs { get; init; } = long.MaxValue;

    /// <summary>True when records get the time at which the broker received them.</summary>
    public bool LogAppendTime { get; init; }

    /// <summary>Maximum bytes of a record batch as sent.</summary>
    public int MaxMessageBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Milliseconds that records are kept; -1 for no limit.</summary>
    public long RetentionMs { get; init; } = -1;

    /// <summary>Minimum bytes of a partition that are kept when older records are deleted; -1 for no limit.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>Milliseconds that a tombstone is kept after its first compaction.</summary>
    public long DeleteRetentionMs { get; init; } = (long)TimeSpan.FromDays(1).TotalMilliseconds;

    /// <summary>Minimum age in milliseconds at which a record may be compacted.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary>Maximum age in milliseconds at which a record is compacted, regardless of <see cref="MinCleanableDirtyRatio"/>.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary>The minimum fraction of never compacted bytes at which a partition is compacted.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary>The values that a client set, by name, including those equal to the default.</summary>
    public ImmutableSortedDictionary<string, string> ExplicitValues { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>True when records expire by age or by the size of their partition.</summary>
    public bool Expires => CleanupPolicy.Contains(DeletePolicy, StringComparison.Ordinal) && (RetentionMs >= 0 || RetentionBytes >= 0);

    /// <summary>True when only the newest record of each key is kept.</summary>
    public bool Compacts => CleanupPolicy.Contains(CompactPolicy, StringComparison.Ordinal);

    /// <summary>
    /// Maximum age of the growing segment, the smallest of three limits: <c>segment.ms</c>; a quarter of <c>retention.ms</c>, from 10
    /// seconds to 7 days, so that whole segments expire while records keep arriving; and for a compacted topic
    /// <c>max.compaction.lag.ms</c>, at most 7 days, because the growing segment is never compacted. Null when none of these settings
    /// limits the age.
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

    /// <summary>Every setting with its value, for clients.</summary>
    public IReadOnlyList<(string Name, string Value, bool IsDefault)> All() =>
    [
        .. Table.Select(row => (Row: row, Value: row.Read(this)))
            .Select(s => (s.Row.Name, s.Value, s.Value == s.Row.Default && !ExplicitValues.ContainsKey(s.Row.Name))),
    ];

    /// <returns>The problem as a sentence; null on success.</returns>
    public static string? TrySet(ref TopicSettings settings, string name, string? value)
    {
        if (Find(name) is not { } row)
        {
            return $"{name} is not a setting of this broker";
        }

        if (value is null || !row.Accepts(value))
        {
            return $"{name} is {value ?? "null"}; it must be {row.Expected}";
        }

        TryRestore(ref settings, name, value);
        return null;
    }

    /// <summary>Applies a stored value, regardless of the current bounds.</summary>
    /// <returns>False for an unknown setting.</returns>
    public static bool TryRestore(ref TopicSettings settings, string name, string value)
    {
        if (Find(name) is not { } row)
        {
            return false;
        }

        settings = row.Write(settings with { ExplicitValues = settings.ExplicitValues.SetItem(name, value) }, value);
        return true;
    }

    /// <summary>Returns a copy of the settings in which one setting has its default.</summary>
    public TopicSettings Reset(TopicSetting row) => row.Write(this, row.Default) with { ExplicitValues = ExplicitValues.Remove(row.Name) };
}
