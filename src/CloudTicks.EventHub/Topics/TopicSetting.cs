using System.Globalization;

namespace CloudTicks.EventHub.Topics;

/// <summary>One setting of a topic, a row of <see cref="TopicSettings.Table"/>.</summary>
internal sealed class TopicSetting
{
    public required string Name { get; init; }

    public required SettingType Type { get; init; }

    public required string Default { get; init; }

    /// <summary>The accepted values, as the end of the sentence "it must be ...".</summary>
    public required string Expected { get; init; }

    public required string Documentation { get; init; }

    /// <summary>True for a value that a client may set. Stored values are not validated again, so the bounds may change.</summary>
    public required Func<string, bool> Accepts { get; init; }

    /// <summary>The current value as text.</summary>
    public required Func<TopicSettings, string> Read { get; init; }

    public required Func<TopicSettings, string, TopicSettings> Write { get; init; }

    /// <summary>False for a setting that cannot change after the topic is created.</summary>
    public bool CanChange { get; init; } = true;

    /// <summary>The name of Kafka's broker setting that contains the default.</summary>
    public string BrokerName => Name switch
    {
        TopicSettings.MaxMessageBytesName => "message.max.bytes",
        "segment.ms" => "log.roll.ms",
        "flush.messages" => "log.flush.interval.messages",
        "flush.ms" => "log.flush.interval.ms",
        "delete.retention.ms" => "log.cleaner.delete.retention.ms",
        "min.compaction.lag.ms" => "log.cleaner.min.compaction.lag.ms",
        "max.compaction.lag.ms" => "log.cleaner.max.compaction.lag.ms",
        "min.cleanable.dirty.ratio" => "log.cleaner.min.cleanable.ratio",
        "min.insync.replicas" or "unclean.leader.election.enable" or "compression.type" => Name,
        _ => $"log.{Name}",
    };

    /// <summary>An integer between two bounds.</summary>
    public static TopicSetting Number(
        string name, SettingType type, long min, long max, Func<TopicSettings, long> read, Func<TopicSettings, long, TopicSettings> write,
        string documentation, string? expected = null) => new()
        {
            Name = name,
            Type = type,
            Default = Text(read(new TopicSettings())),
            Expected = expected ?? (max == long.MaxValue ? $"a number of at least {min}" : $"a number from {min} to {max}"),
            Documentation = documentation,
            Accepts = value => TryRead(value, out var number) && number >= min && number <= max,
            Read = settings => Text(read(settings)),
            Write = (settings, value) => TryRead(value, out var number) ? write(settings, number) : settings,
        };

    /// <summary>A number from 0 to 1.</summary>
    public static TopicSetting Ratio(
        string name, Func<TopicSettings, double> read, Func<TopicSettings, double, TopicSettings> write, string documentation) => new()
        {
            Name = name,
            Type = SettingType.Double,
            Default = read(new TopicSettings()).ToString(CultureInfo.InvariantCulture),
            Expected = "a number from 0 to 1",
            Documentation = documentation,
            Accepts = value => TryReadRatio(value, out var ratio) && ratio is >= 0 and <= 1,
            Read = settings => read(settings).ToString(CultureInfo.InvariantCulture),
            Write = (settings, value) => TryReadRatio(value, out var ratio) ? write(settings, ratio) : settings,
        };

    /// <summary>One of several values.</summary>
    public static TopicSetting Choice(
        string name, SettingType type, string[] values, Func<TopicSettings, string> read, Func<TopicSettings, string, TopicSettings> write,
        string documentation) => new()
        {
            Name = name,
            Type = type,
            Default = read(new TopicSettings()),
            Expected = string.Join(" or ", values),
            Documentation = documentation,
            Accepts = values.Contains,
            Read = read,
            Write = write,
        };

    /// <summary>A Kafka setting for which this broker supports only one value.</summary>
    public static TopicSetting Fixed(string name, SettingType type, string value, string documentation) =>
        Choice(name, type, [value], _ => value, static (settings, _) => settings, documentation);

    /// <summary>A numeric setting of Kafka that this broker satisfies whatever its value is.</summary>
    public static TopicSetting AlwaysSatisfied(string name, long min, long byDefault, string documentation) =>
        Number(
            name, SettingType.Long, min, long.MaxValue,
            settings => TryRead(settings.ExplicitValues.GetValueOrDefault(name), out var number) ? number : byDefault,
            static (settings, _) => settings, documentation);

    private static bool TryRead(string? value, out long number) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static bool TryReadRatio(string value, out double ratio) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out ratio);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
