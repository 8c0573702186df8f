using System.Collections.Immutable;
using System.Globalization;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic's settings, under Kafka's names. They are chosen when it is made.</summary>
internal sealed record TopicSettings
{
    public const string SegmentBytesName = "segment.bytes";
    public const string MaxMessageBytesName = "max.message.bytes";
    public const string RetentionMsName = "retention.ms";
    public const string RetentionBytesName = "retention.bytes";
    public const string CleanupPolicyName = "cleanup.policy";

    private const int LeastSegmentBytes = 64 * 1024;
    private const string OnlyCleanupPolicy = "delete";
    private static readonly TimeSpan LeastRollAge = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MostRollAge = TimeSpan.FromDays(7);

    /// <summary>A new segment file begins when the newest one would grow beyond it. 64 KiB to 2 GiB.</summary>
    public int SegmentBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>The largest record batch, in bytes as sent.</summary>
    public int MaxMessageBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Milliseconds that records are kept; -1 for ever.</summary>
    public long RetentionMs { get; init; } = -1;

    /// <summary>Bytes of a partition that are kept at least when older ones go; -1 for all.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary>The names that the maker of the topic gave a value, be it that of the default.</summary>
    public ImmutableSortedSet<string> Chosen { get; init; } = [];

    /// <summary>True when records go by their age or by the size of their partition.</summary>
    public bool Expires => RetentionMs >= 0 || RetentionBytes >= 0;

    /// <summary>
    /// After this long a segment takes no more, so that it can go as a whole although records keep coming: a quarter of the time that
    /// records are kept, 10 seconds at least and 7 days at most. None for a topic whose records do not go by their age.
    /// </summary>
    public TimeSpan? RollAge =>
        RetentionMs < 0
            ? null
            : TimeSpan.FromMilliseconds(Math.Clamp(RetentionMs / 4, LeastRollAge.TotalMilliseconds, MostRollAge.TotalMilliseconds));

    /// <summary>Every setting with its value, as clients are shown it.</summary>
    public IReadOnlyList<(string Name, string Value, bool IsDefault)> All()
    {
        var defaults = new TopicSettings();
        return
        [
            (CleanupPolicyName, OnlyCleanupPolicy, !Chosen.Contains(CleanupPolicyName)),
            Entry(RetentionMsName, RetentionMs, defaults.RetentionMs),
            Entry(RetentionBytesName, RetentionBytes, defaults.RetentionBytes),
            Entry(SegmentBytesName, SegmentBytes, defaults.SegmentBytes),
            Entry(MaxMessageBytesName, MaxMessageBytes, defaults.MaxMessageBytes),
        ];
    }

    /// <returns>What is wrong with it, in a sentence, or null.</returns>
    public static string? TrySet(ref TopicSettings settings, string name, string? value)
    {
        var known = TryRead(value, out var number);
        var (right, wanted) = name switch
        {
            SegmentBytesName =>
                (known && number is >= LeastSegmentBytes and <= int.MaxValue, $"a number from {LeastSegmentBytes} to {int.MaxValue}"),
            MaxMessageBytesName => (known && number is > 0 and <= int.MaxValue, $"a number from 1 to {int.MaxValue}"),
            RetentionMsName => (known && number >= -1, "milliseconds, or -1 for ever"),
            RetentionBytesName => (known && number >= -1, "bytes of each partition, or -1 for all"),
            CleanupPolicyName => (value == OnlyCleanupPolicy, OnlyCleanupPolicy),
            _ => (false, ""),
        };
        return right && TryRestore(ref settings, name, value!) ? null
            : wanted.Length > 0 ? $"{name} is {value}; it must be {wanted}"
            : $"{name} is no setting of this broker";
    }

    /// <summary>Applies one setting as it was stored, whatever bounds there are by now.</summary>
    /// <returns>False when it is none that is known.</returns>
    public static bool TryRestore(ref TopicSettings settings, string name, string value)
    {
        _ = TryRead(value, out var number);
        var changed = name switch
        {
            SegmentBytesName => settings with { SegmentBytes = (int)number },
            MaxMessageBytesName => settings with { MaxMessageBytes = (int)number },
            RetentionMsName => settings with { RetentionMs = number },
            RetentionBytesName => settings with { RetentionBytes = number },
            CleanupPolicyName => settings,
            _ => null,
        };
        settings = changed is null ? settings : changed with { Chosen = changed.Chosen.Add(name) };
        return changed is not null;
    }

    private static bool TryRead(string? value, out long number) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private (string Name, string Value, bool IsDefault) Entry(string name, long value, long byDefault) =>
        (name, value.ToString(CultureInfo.InvariantCulture), value == byDefault && !Chosen.Contains(name));
}
