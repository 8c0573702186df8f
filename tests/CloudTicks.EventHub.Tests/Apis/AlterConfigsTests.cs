using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>Changes to topic settings while the event hub runs.</summary>
public sealed class AlterConfigsTests : IAsyncLifetime
{
    private RunningHub _hub = null!;
    private WireClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _client = await WireClient.ConnectAsync(_hub.Address);
        (await _client.CreateTopicAsync("ticks", 1, ("retention.ms", "3600000"), ("segment.bytes", "100000"))).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Incremental_change_keeps_other_settings(short version)
    {
        (await EditAsync(version, "ticks", ("max.message.bytes", EditOperation.Set, "1000"), ("retention.ms", EditOperation.Delete, null)))
            .ShouldBe((ErrorCode.None, null));
        (await ChangedSettingsAsync()).ShouldBe(["max.message.bytes=1000", "segment.bytes=100000"]);
        (await _client.ProduceAsync("ticks", 0, Batches.Of(new string('x', 1000)))).Error.ShouldBe(ErrorCode.MessageTooLarge);
        (await EditAsync(version, "ticks", ("max.message.bytes", EditOperation.Set, "5000"))).Error.ShouldBe(ErrorCode.None);
        (await _client.ProduceAsync("ticks", 0, Batches.Of(new string('x', 1000)))).Error.ShouldBe(ErrorCode.None);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Replacement_resets_other_settings(short version)
    {
        (await ReplaceAsync(version, 2, "ticks", ("retention.bytes", "1000000"))).ShouldBe((ErrorCode.None, null));
        (await ChangedSettingsAsync()).ShouldBe(["retention.bytes=1000000"]);
        (await ReplaceAsync(version, 2, "ticks")).ShouldBe((ErrorCode.None, null));
        (await ChangedSettingsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Invalid_change_is_refused_with_a_reason()
    {
        (await EditAsync(0, "ticks", ("retention.ms", EditOperation.Set, "1"), ("min.insync.replicas", EditOperation.Set, "2")))
            .ShouldBe((ErrorCode.InvalidConfig, "min.insync.replicas is 2; it must be 1"));
        (await EditAsync(0, "ticks", ("nonsense", EditOperation.Set, "2")))
            .ShouldBe((ErrorCode.InvalidConfig, "nonsense is not a setting of this broker"));
        (await EditAsync(0, "ticks", ("nonsense", EditOperation.Delete, null))).Error.ShouldBe(ErrorCode.InvalidConfig);
        (await EditAsync(0, "ticks", ("retention.ms", EditOperation.Append, "2"))).Error.ShouldBe(ErrorCode.InvalidConfig);
        (await EditAsync(0, "ticks", ("retention.ms", (EditOperation)9, "2"))).Error.ShouldBe(ErrorCode.InvalidConfig);
        (await EditAsync(0, "ticks", ("retention.ms", EditOperation.Set, "2"), ("retention.ms", EditOperation.Set, "3")))
            .ShouldBe((ErrorCode.InvalidRequest, "retention.ms is named more than once."));
        (await EditAsync(0, "none", ("retention.ms", EditOperation.Set, "2"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await ReplaceAsync(0, 2, "ticks", ("cloudticks.topic.id", "1"))).Error.ShouldBe(ErrorCode.InvalidConfig);
        (await ReplaceAsync(0, 4, "1", ("num.partitions", "2"))).ShouldBe(
            (ErrorCode.InvalidRequest, "Settings of the broker are set at startup; a client cannot change them: num.partitions"));
        (await ReplaceAsync(0, 8, "1")).Error.ShouldBe(ErrorCode.InvalidRequest);
        (await ChangedSettingsAsync()).ShouldBe(["retention.ms=3600000", "segment.bytes=100000"]);
    }

    [Fact]
    public async Task Validate_only_changes_nothing()
    {
        (await EditAsync(0, "ticks", true, ("retention.ms", EditOperation.Set, "2"))).Error.ShouldBe(ErrorCode.None);
        (await EditAsync(0, "ticks", true, ("retention.ms", EditOperation.Set, "two"))).Error.ShouldBe(ErrorCode.InvalidConfig);
        (await ChangedSettingsAsync()).ShouldBe(["retention.ms=3600000", "segment.bytes=100000"]);
    }

    [Fact]
    public async Task Segments_roll_at_changed_size()
    {
        using var folder = new HubFolder();
        await using var storage = new TestStorage(folder.Data);
        await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 100_000 });
        var change = new SettingsChange(storage.Hub.Topics, "ticks", settings => (settings with { SegmentBytes = 65536 }, null));
        storage.Hub.Log.Enqueue(change);
        (await change.Completion).Error.ShouldBe(ErrorCode.None);
        for (var i = 0; i < 4; i++)
        {
            await storage.AppendAsync("ticks", 0, Batches.Of(new string('x', 30_000)));
        }

        storage.Topic("ticks").Partitions[0].View().Segments.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Changed_settings_survive_kill_and_stop(bool killed)
    {
        using var folder = new HubFolder();
        string data;
        await using (var storage = new TestStorage(folder.Data))
        {
            await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 70_000 });
            var edits = new[]
            {
                new SettingEdit("retention.ms", EditOperation.Set, "60000"), new SettingEdit("segment.bytes", EditOperation.Delete, null),
            };
            var change = new SettingsChange(storage.Hub.Topics, "ticks", settings => SettingEdit.Apply(edits, settings, incremental: true));
            storage.Hub.Log.Enqueue(change);
            (await change.Completion).Error.ShouldBe(ErrorCode.None);
            await storage.CreateAsync("later");
            data = killed ? folder.Kill() : folder.Data;
        }

        await using var reopened = new TestStorage(data);
        reopened.Topic("ticks").Settings.All().Where(s => !s.IsDefault).Select(s => $"{s.Name}={s.Value}").ShouldBe(["retention.ms=60000"]);
        reopened.Topic("ticks").Settings.RollAge.ShouldBe(TimeSpan.FromSeconds(15));
        (await reopened.AppendAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
    }

    private Task<(ErrorCode Error, string? Message)> EditAsync(
        short version, string topic, params (string Name, EditOperation Operation, string? Value)[] edits) =>
        EditAsync(version, topic, validateOnly: false, edits);

    private Task<(ErrorCode Error, string? Message)> EditAsync(
        short version, string topic, bool validateOnly, params (string Name, EditOperation Operation, string? Value)[] edits) =>
        CallAsync(ApiKey.IncrementalAlterConfigs, version, version >= 1, 2, topic, validateOnly, edits.Length, (w, i) =>
        {
            w.WriteString(edits[i].Name);
            w.WriteInt8((sbyte)edits[i].Operation);
            w.WriteString(edits[i].Value);
        });

    private Task<(ErrorCode Error, string? Message)> ReplaceAsync(
        short version, sbyte type, string name, params (string Name, string? Value)[] settings) =>
        CallAsync(ApiKey.AlterConfigs, version, version >= 2, type, name, false, settings.Length, (w, i) =>
        {
            w.WriteString(settings[i].Name);
            w.WriteString(settings[i].Value);
        });

    private async Task<(ErrorCode Error, string? Message)> CallAsync(
        ApiKey key, short version, bool flexible, sbyte type, string name, bool validateOnly, int edits, Action<WireWriter, int> write)
    {
        var reader = new WireReader(
            await _client.CallAsync(key, version, w =>
            {
                w.IsFlexible = flexible;
                w.EndStruct(); // tagged fields of the header
                w.WriteArray([name], (w, _) =>
                {
                    w.WriteInt8(type);
                    w.WriteString(name);
                    w.WriteArray([.. Enumerable.Range(0, edits)], write);
                });
                w.WriteBoolean(validateOnly);
                w.EndStruct();
            }), flexible);
        reader.EndStruct();
        reader.ReadInt32();
        reader.ReadArrayLength(1).ShouldBe(1);
        var outcome = ((ErrorCode)reader.ReadInt16(), reader.ReadNullableString());
        (reader.ReadInt8(), reader.ReadString()).ShouldBe((type, name));
        reader.EndStruct();
        reader.EndStruct();
        reader.Remaining.ShouldBe(0);
        return outcome;
    }

    /// <summary>The topic's settings that differ from the defaults, ordered by name.</summary>
    private async Task<List<string>> ChangedSettingsAsync()
    {
        var reader = new WireReader(await _client.CallAsync(ApiKey.DescribeConfigs, 0, static w =>
        {
            w.WriteInt32(1);
            w.WriteInt8(2);
            w.WriteString("ticks");
            w.WriteInt32(-1);
        }));
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt16();
        reader.ReadNullableString();
        reader.ReadInt8();
        reader.ReadString();
        var changed = new List<string>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (name, value) = (reader.ReadString(), reader.ReadNullableString());
            reader.ReadBoolean();
            if (!reader.ReadBoolean() && !name.StartsWith("cloudticks.", StringComparison.Ordinal))
            {
                changed.Add($"{name}={value}");
            }

            reader.ReadBoolean();
        }

        return [.. changed.Order(StringComparer.Ordinal)];
    }
}
