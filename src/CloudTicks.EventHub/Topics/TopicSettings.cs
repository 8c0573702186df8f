using System.Globalization;

namespace CloudTicks.EventHub.Topics;

/// <summary>A topic's settings, under Kafka's names.</summary>
internal sealed record TopicSettings
{
    public const string SegmentBytesName = "segment.bytes";
    public const string MaxMessageBytesName = "max.message.bytes";
    public const string RetentionMsName = "retention.ms";
    public const string RetentionBytesName = "retention.bytes";
    public const string CleanupPolicyName = "cleanup.policy";

    private const int LeastSegmentBytes = 64 * 1024;

    /// <summary>A new segment file begins when the newest one would grow beyond it. 64 KiB to 2 GiB.</summary>
    public int SegmentBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>The largest record batch, in bytes as sent.</summary>
    public int MaxMessageBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Every setting with its value, as clients are shown it.</summary>
    public IReadOnlyList<(string Name, string Value, bool IsDefault)> All()
    {
        var defaults = new TopicSettings();
        return
        [
            (CleanupPolicyName, "delete", true),
            (RetentionMsName, "-1", true),
            (RetentionBytesName, "-1", true),
            (SegmentBytesName, Text(SegmentBytes), SegmentBytes == defaults.SegmentBytes),
            (MaxMessageBytesName, Text(MaxMessageBytes), MaxMessageBytes == defaults.MaxMessageBytes),
        ];
    }

    /// <summary>Applies one setting of a request.</summary>
    /// <returns>What is wrong with it, in a sentence, or null.</returns>
    public static string? TrySet(ref TopicSettings settings, string name, string? value)
    {
        switch (name)
        {
            case SegmentBytesName when int.TryParse(value, CultureInfo.InvariantCulture, out var bytes) && bytes >= LeastSegmentBytes:
                settings = settings with { SegmentBytes = bytes };
                return null;
            case MaxMessageBytesName when int.TryParse(value, CultureInfo.InvariantCulture, out var bytes) && bytes > 0:
                settings = settings with { MaxMessageBytes = bytes };
                return null;
            case RetentionMsName or RetentionBytesName:
                return value == "-1" ? null : $"{name} is {value}; this broker keeps every record: only -1 is possible";
            case CleanupPolicyName:
                return value == "delete" ? null : $"{name} is {value}; only delete is possible";
            case SegmentBytesName:
                return $"{name} is {value}; it must be a number from {LeastSegmentBytes} to {int.MaxValue}";
            case MaxMessageBytesName:
                return $"{name} is {value}; it must be a positive number";
            default:
                return $"{name} is no setting of this broker";
        }
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
