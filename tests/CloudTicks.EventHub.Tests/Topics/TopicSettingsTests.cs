using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Tests.Topics;

public class TopicSettingsTests
{
    [Theory]
    [InlineData("min.insync.replicas", "1")]
    [InlineData("unclean.leader.election.enable", "false")]
    [InlineData("compression.type", "producer")]
    [InlineData("segment.ms", "604800000")]
    [InlineData("segment.bytes", "1073741824")]
    [InlineData("retention.ms", "604800000")]
    [InlineData("retention.bytes", "-1")]
    [InlineData("max.message.bytes", "1048588")]
    [InlineData("flush.messages", "9223372036854775807")]
    [InlineData("flush.ms", "1000")]
    [InlineData("preallocate", "false")]
    [InlineData("cleanup.policy", "delete")]
    [InlineData("delete.retention.ms", "100")]
    [InlineData("min.compaction.lag.ms", "0")]
    [InlineData("max.compaction.lag.ms", "9223372036854775807")]
    [InlineData("min.cleanable.dirty.ratio", "0.01")]
    public void Common_setting_is_accepted_and_explicit(string name, string value)
    {
        var settings = new TopicSettings();
        TopicSettings.TrySet(ref settings, name, value).ShouldBeNull();
        settings.All().Single(s => !s.IsDefault).ShouldBe((name, value, false));
    }

    [Theory]
    [InlineData("min.insync.replicas", "2", "min.insync.replicas is 2; it must be 1")]
    [InlineData("unclean.leader.election.enable", "true", "unclean.leader.election.enable is true; it must be false")]
    [InlineData("compression.type", "lz4", "compression.type is lz4; it must be producer")]
    [InlineData("segment.ms", "0", "segment.ms is 0; it must be a number of at least 1")]
    [InlineData("segment.bytes", "1000", "segment.bytes is 1000; it must be a number from 65536 to 2147483647")]
    [InlineData("min.cleanable.dirty.ratio", "1.5", "min.cleanable.dirty.ratio is 1.5; it must be a number from 0 to 1")]
    [InlineData("retention.ms", null, "retention.ms is null; it must be a number of milliseconds, or -1 for no limit")]
    [InlineData("remote.storage.enable", "true", "remote.storage.enable is not a setting of this broker")]
    public void Unsupported_value_is_refused_with_accepted_values(string name, string? value, string sentence)
    {
        var settings = new TopicSettings();
        TopicSettings.TrySet(ref settings, name, value).ShouldBe(sentence);
        settings.All().ShouldAllBe(s => s.IsDefault);
    }

    [Theory]
    [InlineData("-1", null, null)]
    [InlineData("60000", null, 15_000)]
    [InlineData("-1", "30000", 30_000)]
    [InlineData("60000", "5000", 5_000)]
    [InlineData("60000", "604800000", 15_000)]
    [InlineData("-1", "9223372036854775807", null)]
    public void Segment_rolls_by_own_setting_or_retention(string retentionMs, string? segmentMs, int? rolls)
    {
        var settings = new TopicSettings();
        TopicSettings.TrySet(ref settings, "retention.ms", retentionMs).ShouldBeNull();
        if (segmentMs is not null)
        {
            TopicSettings.TrySet(ref settings, "segment.ms", segmentMs).ShouldBeNull();
        }

        (settings.RollAge?.TotalMilliseconds).ShouldBe(rolls);
    }
}
