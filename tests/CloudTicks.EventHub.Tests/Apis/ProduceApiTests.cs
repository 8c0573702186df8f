using System.Buffers.Binary;
using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

public sealed class ProduceApiTests : IAsyncLifetime
{
    private RunningHub _hub = null!;
    private WireClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _client = await WireClient.ConnectAsync(_hub.Address);
        (await _client.CreateTopicAsync("ticks", 2, ("max.message.bytes", "1000"))).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task Batch_is_acknowledged_with_its_offset(short version)
    {
        (await _client.ProduceAsync("ticks", 0, Batches.Of("a", "b"), version)).ShouldBe((ErrorCode.None, 0L));
        (await _client.ProduceAsync("ticks", 0, Batches.Of("c"), version, acks: 1)).ShouldBe((ErrorCode.None, 2L));
        (await _client.ProduceAsync("ticks", 1, Batches.Of("d"), version)).ShouldBe((ErrorCode.None, 0L));
        Batches.Read((await _client.FetchAsync("ticks", 0, 0)).Records).ShouldBe([(0, "a"), (1, "b"), (2, "c")]);
    }

    [Fact]
    public async Task Acks_0_gets_no_response_and_is_stored()
    {
        await _client.SendAsync(ApiKey.Produce, 7, WireCalls.Produce("ticks", 0, Batches.Of("a"), acks: 0));
        (await _client.ListOffsetAsync("ticks", 0, -1)).ShouldBe((ErrorCode.None, 1L));
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        for (var i = 0; i < 40; i++)
        {
            await _client.SendAsync(ApiKey.Produce, 7, WireCalls.Produce("ticks", 0, Batches.Of($"{i}")));
        }

        for (var i = 0; i < 40; i++)
        {
            WireCalls.ReadProduced((await _client.ReceiveAsync()).AsSpan(4)).ShouldBe((ErrorCode.None, (long)i));
        }
    }

    [Fact]
    public async Task Mixed_acks_in_one_packet_are_answered_in_order()
    {
        const int count = 30;
        using var packet = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            var acks = (short)(i % 3 == 1 ? 0 : -1);
            packet.Write(WireClient.Request(ApiKey.Produce, 7, i, WireCalls.Produce("ticks", 0, Batches.Of("a"), acks)));
        }

        await _client.SendAsync(packet.ToArray());
        for (var i = 0; i < count; i++)
        {
            if (i % 3 != 1)
            {
                var response = (await _client.ReceiveAsync())!;
                BinaryPrimitives.ReadInt32BigEndian(response).ShouldBe(i);
                WireCalls.ReadProduced(response.AsSpan(4)).ShouldBe((ErrorCode.None, (long)i));
            }
        }

        (await _client.ListOffsetAsync("ticks", 0, -1)).ShouldBe((ErrorCode.None, (long)count));
    }

    [Theory]
    [InlineData(RecordCodec.Gzip)]
    [InlineData(RecordCodec.Snappy)]
    [InlineData(RecordCodec.Lz4)]
    [InlineData(RecordCodec.Zstd)]
    internal async Task Compressed_batch_is_stored_unchanged(RecordCodec codec)
    {
        var batch = Batches.Packed(codec, Batches.Of([.. Enumerable.Range(0, 50).Select(i => $"value {i}")]));
        (await _client.ProduceAsync("ticks", 0, batch)).Error.ShouldBe(ErrorCode.None);
        (await _client.FetchAsync("ticks", 0, 0)).Records[21..].ShouldBe(batch[21..]);
    }

    [Theory]
    [InlineData(RecordCodec.None)]
    [InlineData(RecordCodec.Gzip)]
    [InlineData(RecordCodec.Snappy)]
    [InlineData(RecordCodec.Lz4)]
    [InlineData(RecordCodec.Zstd)]
    internal async Task Timestamp_lookup_finds_record_inside_batch(RecordCodec codec)
    {
        await _client.ProduceAsync("ticks", 0, Batches.Packed(codec, Batches.Of(["a", "b", "c"], timestamp: 1000)));
        await _client.ProduceAsync("ticks", 0, Batches.Packed(codec, Batches.Of(["d", "e", "f"], timestamp: 2000)));
        (await _client.ListOffsetAsync("ticks", 0, 1001)).ShouldBe((ErrorCode.None, 1L));
        (await _client.ListOffsetAsync("ticks", 0, 1003)).ShouldBe((ErrorCode.None, 3L));
        (await _client.ListOffsetAsync("ticks", 0, 2002)).ShouldBe((ErrorCode.None, 5L));
        (await _client.ListOffsetAsync("ticks", 0, 2003)).ShouldBe((ErrorCode.None, -1L));
    }

    [Theory]
    [InlineData(RecordCodec.None)]
    [InlineData(RecordCodec.Lz4)]
    internal async Task LogAppendTime_topic_sets_broker_time(RecordCodec codec)
    {
        (await _client.CreateTopicAsync("stamped", 1, ("message.timestamp.type", "LogAppendTime"))).ShouldBe(ErrorCode.None);
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var batch = Batches.Packed(codec, Batches.Of(["a", "b"], timestamp: 1000));
        var response = await _client.CallAsync(ApiKey.Produce, 7, WireCalls.Produce("stamped", 0, batch));
        var time = ReadAppendTime(response);
        time.ShouldBeInRange(before, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());

        var fetched = (await _client.FetchAsync("stamped", 0, 0)).Records;
        RecordBatch.IsIntact(fetched).ShouldBeTrue("the checksum covers the broker's time");
        RecordBatch.TryRead(fetched, out var stored);
        (stored.HasAppendTime, stored.MaxTimestamp, stored.BaseTimestamp, stored.Codec).ShouldBe((true, time, 1000, (int)codec));
        (await _client.ListOffsetAsync("stamped", 0, time)).ShouldBe((ErrorCode.None, 0L));
        (await _client.ListOffsetAsync("stamped", 0, time + 1)).ShouldBe((ErrorCode.None, -1L));

        var ownTimeResponse = await _client.CallAsync(ApiKey.Produce, 7, WireCalls.Produce("ticks", 0, batch));
        ReadAppendTime(ownTimeResponse).ShouldBe(-1);
    }

    [Fact]
    public async Task Producer_cannot_set_append_time_flag()
    {
        (await _client.ProduceAsync("ticks", 0, Batches.Of(["a"], timestamp: 1000, attributes: 0x08))).Error.ShouldBe(ErrorCode.None);
        var fetched = (await _client.FetchAsync("ticks", 0, 0)).Records;
        RecordBatch.TryRead(fetched, out var stored);
        (stored.HasAppendTime, RecordBatch.IsIntact(fetched)).ShouldBe((false, true));
    }

    [Fact]
    public async Task Batch_with_too_large_unpacked_records_is_refused()
    {
        foreach (var codec in new[] { RecordCodec.Gzip, RecordCodec.Zstd })
        {
            using var packed = new RecordBuffer(1 << 20);
            RecordCodecs.Pack(codec, new byte[(1 << 20) - 4096], packed);
            var zeros = Batches.WithRecords(Batches.Of("a"), packed.Span, (short)codec);
            (await _client.ProduceAsync("roomy", 0, zeros)).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
            (await _client.CreateTopicAsync($"roomy-{codec}", 1, ("max.message.bytes", "8192"))).ShouldBe(ErrorCode.None);
            (await _client.ProduceAsync($"roomy-{codec}", 0, zeros)).Error.ShouldBe(ErrorCode.InvalidRecord, "zeros are not records");

            using var largeRecords = new RecordBuffer(1 << 21);
            RecordCodecs.Pack(codec, new byte[(1 << 21) - 8192], largeRecords);
            (await _client.ProduceAsync($"roomy-{codec}", 0, Batches.WithRecords(Batches.Of("a"), largeRecords.Span, (short)codec)))
                .Error.ShouldBe(ErrorCode.MessageTooLarge);
        }
    }

    [Fact]
    public async Task Invalid_batches_are_refused()
    {
        var badChecksum = Batches.Of("a");
        badChecksum[^1] ^= 1;
        var oldFormat = Batches.Of("a");
        oldFormat[16] = 1;
        var control = Batches.Of(["a"], attributes: 0x20);
        var wrongCount = Batches.Of("a", "b");
        wrongCount[60] = 9;
        Batches.SetChecksum(wrongCount);
        (string What, byte[] Bytes, ErrorCode Error)[] cases =
        [
            ("checksum", badChecksum, ErrorCode.CorruptMessage),
            ("two batches", [.. Batches.Of("a"), .. Batches.Of("b")], ErrorCode.InvalidRecord),
            ("cut", Batches.Of("a")[..^1], ErrorCode.InvalidRecord),
            ("nothing", [], ErrorCode.InvalidRecord),
            ("transactional", Batches.Of(["a"], producer: 1, epoch: 0, sequence: 0, attributes: 0x10), ErrorCode.InvalidTransactionState),
            ("no sequence", Batches.Of(["a"], producer: 1, epoch: 0), ErrorCode.InvalidRecord),
            ("fewer records", Batches.WithRecords(Batches.Of("a", "b"), Batches.Of("a").AsSpan(61), 0), ErrorCode.InvalidRecord),
            ("more records", Batches.WithRecords(Batches.Of("a"), Batches.Of("a", "b").AsSpan(61), 0), ErrorCode.InvalidRecord),
            ("no record", Batches.WithRecords(Batches.Of("a"), [1, 2, 3], 0), ErrorCode.InvalidRecord),
            (
                "missing headers", Batches.WithRecords(Batches.Of("a"), [14, 0, 0, 0, 1, 2, (byte)'a', 2], 0),
                ErrorCode.InvalidRecord),
            ("invalid gzip", Batches.WithRecords(Batches.Of("a"), "invalid gzip"u8, 1), ErrorCode.InvalidRecord),
            ("invalid snappy", Batches.WithRecords(Batches.Of("a"), "invalid snappy"u8, 2), ErrorCode.InvalidRecord),
            ("invalid lz4", Batches.WithRecords(Batches.Of("a"), "invalid lz4"u8, 3), ErrorCode.InvalidRecord),
            ("invalid zstd", Batches.WithRecords(Batches.Of("a"), "invalid zstd"u8, 4), ErrorCode.InvalidRecord),
            (
                "fewer records, packed",
                Batches.WithRecords(Batches.Of("a", "b"), Batches.Packed(RecordCodec.Lz4, Batches.Of("a")).AsSpan(61), 3),
                ErrorCode.InvalidRecord),
            ("old format", oldFormat, ErrorCode.InvalidRecord),
            ("control batch", control, ErrorCode.InvalidRecord),
            ("wrong count", wrongCount, ErrorCode.InvalidRecord),
            ("unknown codec", Batches.Of(["a"], attributes: 5), ErrorCode.InvalidRecord),
            ("too large", Batches.Of(new string('x', 1000)), ErrorCode.MessageTooLarge),
        ];
        foreach (var (what, bytes, error) in cases)
        {
            (await _client.ProduceAsync("ticks", 0, bytes)).ShouldBe((error, -1L), what);
        }

        (await _client.ListOffsetAsync("ticks", 0, -1)).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task Invalid_targets_are_refused()
    {
        (await _client.ProduceAsync("nowhere", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await _client.ProduceAsync("ticks", 2, Batches.Of("a"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await _client.ProduceAsync("ticks", 0, Batches.Of("a"), acks: 2)).Error.ShouldBe(ErrorCode.InvalidRequiredAcks);
    }

    [Fact]
    public async Task Produce_version_2_is_refused()
    {
        var response = await _client.CallAsync(ApiKey.Produce, 2, w =>
        {
            w.WriteInt16(-1);
            w.WriteInt32(1000);
            w.WriteInt32(1);
            w.WriteString("ticks");
            w.WriteInt32(1);
            w.WriteInt32(0);
            w.WriteBytes(Batches.Of("a"));
        });
        WireCalls.ReadProduced(response).Error.ShouldBe(ErrorCode.UnsupportedVersion);
    }

    [Fact]
    public async Task Duplicate_of_idempotent_batch_gets_original_offset()
    {
        for (var sequence = 0; sequence < 7; sequence++)
        {
            (await Send(sequence)).ShouldBe((ErrorCode.None, (long)sequence));
        }

        (await Send(6)).ShouldBe((ErrorCode.None, 6L));
        (await Send(2)).ShouldBe((ErrorCode.None, 2L), "the fifth batch from the end");
        (await Send(1)).Error.ShouldBe(ErrorCode.DuplicateSequence, "older than five batches");
        (await Send(8)).Error.ShouldBe(ErrorCode.OutOfOrderSequence, "sequence 7 is missing");
        (await Send(7)).ShouldBe((ErrorCode.None, 7L));
        (await Send(0, epoch: 1)).ShouldBe((ErrorCode.None, 8L));
        (await Send(8)).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
        (await _client.ListOffsetAsync("ticks", 0, -1)).Offset.ShouldBe(9);

        Task<(ErrorCode Error, long Offset)> Send(int sequence, short epoch = 0) =>
            _client.ProduceAsync("ticks", 0, Batches.Of([$"{sequence}"], producer: 77, epoch, sequence));
    }

    /// <summary>The broker's receive time in a response of version 7.</summary>
    private static long ReadAppendTime(byte[] response)
    {
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadString();
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)0);
        reader.ReadInt64().ShouldBe(0);
        return reader.ReadInt64();
    }

    [Fact]
    public async Task Producer_ids_are_unique()
    {
        var ids = new HashSet<long>();
        for (var i = 0; i < 3; i++)
        {
            var response = await _client.CallAsync(ApiKey.InitProducerId, 1, static w =>
            {
                w.WriteString(null);
                w.WriteInt32(1000);
            });
            ids.Add(ReadId(response)).ShouldBeTrue();
        }

        static long ReadId(byte[] response)
        {
            var reader = new WireReader(response);
            reader.ReadInt32();
            reader.ReadInt16().ShouldBe((short)0);
            return reader.ReadInt64();
        }
    }
}
