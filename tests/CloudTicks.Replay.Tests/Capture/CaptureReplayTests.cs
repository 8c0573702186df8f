using CloudTicks.EventStream;
using CloudTicks.Replay.Capture;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Replay.Tests.Capture;

public sealed class CaptureReplayTests : IDisposable
{
    private const long FirstMs = 1737993600000;

    private static readonly Symbol EurUsd = Symbol.TryParse("EURUSD", out var symbol) ? symbol : throw new InvalidOperationException();

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Files_of_all_folders_give_each_tick_once_in_time_order(bool deflate, bool asText)
    {
        new CaptureFile(deflate).Add(Record(30, 10), "polygon", asText).Add(Record(10, 10), "polygon", asText).EndBlock()
            .Add(Record(0, 10), "polygon", asText)
            .Save(_folder.File("ns/tick_archive/3/2025/01/27/16/00/00.avro"));
        new CaptureFile(deflate).Add(Record(20, 10)).Add(Record(0, 20)).Save(_folder.File("ns/tick_archive/3/2025/01/27/16/05/00.avro"));
        new CaptureFile(deflate)
            .Save(_folder.File("ns/tick_archive/4/2025/01/27/16/05/00.avro")); // Capture also writes files without events
        await File.WriteAllTextAsync(_folder.File("ns/readme.txt"), "not read", Cancellation);

        var (times, counts, refused) = await ReadAsync();

        refused.ShouldBeEmpty();
        times.ShouldBe(Enumerable.Range(0, 40).Select(number => FirstMs + number));
        (counts.FilesRead, counts.RecordsRead, counts.Emitted, counts.Repeated).ShouldBe((3, 5, 40, 20));
        counts.Feed.ShouldBe("polygon");
    }

    [Fact]
    public async Task Gap_records_are_returned_and_other_bytes_reported()
    {
        var gap = new FeedGap(
            Guid.NewGuid(), EurUsd, TickKind.Quote, FirstMs, FirstMs + 5, "disconnected", "test", GapState.Open, 0, null, FirstMs);
        new CaptureFile().Add(GapRecord.Write(gap)).Add("rubbish"u8.ToArray()).Add(null).Add(Record(0, 3)).Save(_folder.File("a.avro"));
        var gaps = new List<FeedGap>();

        var (times, counts, refused) = await ReadAsync(gaps);

        gaps.ShouldBe([gap]);
        times.Count.ShouldBe(3);
        counts.RefusedRecords.ShouldBe(2);
        refused[0].ShouldContain(_folder.File("a.avro"));
        refused[0].ShouldContain("sequence number 1 (offset 4096)");
    }

    [Fact]
    public async Task Fields_that_Azure_may_add_are_skipped()
    {
        var schema = CaptureFile.Schema.Replace(
            "{\"name\":\"SystemProperties\"", "{\"name\":\"SystemProperties2\"", StringComparison.Ordinal);
        new CaptureFile(schema: schema).Add(Record(0, 3)).Save(_folder.File("a.avro"));

        (await ReadAsync()).Times.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("not an Avro file", "PK")]
    [InlineData("not an Avro file", "")]
    [InlineData("ends", "Obj\u0001")]
    public async Task File_of_another_kind_is_reported_and_the_others_are_read(string expected, string content)
    {
        await File.WriteAllTextAsync(_folder.File("a.avro"), content, Cancellation);
        new CaptureFile().Add(Record(0, 3)).Save(_folder.File("b.avro"));

        var (times, counts, refused) = await ReadAsync();

        times.Count.ShouldBe(3);
        counts.RefusedFiles.ShouldBe(1);
        refused.ShouldHaveSingleItem().ShouldContain(expected);
        refused[0].ShouldContain(_folder.File("a.avro"));
    }

    [Fact]
    public async Task Avro_of_another_schema_or_codec_is_reported()
    {
        new CaptureFile(schema: """{"type":"record","name":"x","fields":[{"name":"Body","type":"bytes"}]}""").Save(_folder.File("a.avro"));
        var snappy = new CaptureFile(deflate: true).Add(Record(0, 3)).ToArray();
        "snappy!"u8.CopyTo(snappy.AsSpan(snappy.AsSpan().IndexOf("deflate"u8)));
        await File.WriteAllBytesAsync(_folder.File("b.avro"), snappy, Cancellation);

        var (_, counts, refused) = await ReadAsync();

        counts.RefusedFiles.ShouldBe(2);
        refused[0].ShouldContain("no SequenceNumber");
        refused[1].ShouldContain("'snappy!'");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damage_that_loses_ticks_is_reported_wherever_it_is(bool deflate)
    {
        var whole = new CaptureFile(deflate).Add(Record(0, 3)).EndBlock().Add(Record(3, 3)).ToArray();
        var boundaries = new[] { new CaptureFile(deflate).ToArray().Length, new CaptureFile(deflate).Add(Record(0, 3)).ToArray().Length };
        var path = _folder.File("a.avro");
        // With this step, the damage hits every kind of byte: numbers, sync markers and names.
        for (var at = 0; at < whole.Length; at += 5)
        {
            await File.WriteAllBytesAsync(path, whole[..at], Cancellation);
            await CheckAsync($"cut at {at}", mayBeSilent: boundaries.Contains(at));
            var flipped = whole.ToArray();
            flipped[at] ^= 0x10;
            await File.WriteAllBytesAsync(path, flipped, Cancellation);
            await CheckAsync($"flipped at {at}", mayBeSilent: false);
        }

        async Task CheckAsync(string what, bool mayBeSilent)
        {
            var (times, counts, refused) = await ReadAsync();
            times.Count.ShouldBeLessThanOrEqualTo(6, what);
            if (times.Count < 6 && !mayBeSilent)
            {
                // A damaged batch may contain equal ticks.
                (refused.Count + counts.Repeated).ShouldBeGreaterThan(0, what);
            }
        }
    }

    [Fact]
    public async Task Block_that_claims_more_than_the_file_has_is_refused()
    {
        var file = new CaptureFile().ToArray();
        // The block claims 2^40 values in 2^41 bytes.
        await File.WriteAllBytesAsync(
            _folder.File("a.avro"), [.. file, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], Cancellation);

        var (_, counts, refused) = await ReadAsync();

        counts.RefusedFiles.ShouldBe(1);
        refused[0].ShouldContain($"after byte {file.Length}:");
    }

    [Fact]
    public async Task Missing_or_empty_folder_is_reported()
    {
        (await Should.ThrowAsync<EventStreamException>(() => ReadAsync())).Message.ShouldContain("no file of Event Hubs Capture");
        _folder.Dispose();
        (await Should.ThrowAsync<EventStreamException>(() => ReadAsync())).Message.ShouldContain("cannot be listed");
    }

    private async Task<(List<long> Times, ReplayCounts Counts, List<string> Refused)> ReadAsync(List<FeedGap>? gaps = null)
    {
        var (counts, refused, times) = (new ReplayCounts(), new List<string>(), new List<long>());
        using var ticks = await new CaptureReplay(_folder.Path).ReadAsync(
            new TickSelection(), new ReplayOptions(), counts, refused.Add, gaps is null ? null : Take, Cancellation);
        var tick = default(Tick);
        while (ticks.TryRead(ref tick, out _, out _))
        {
            times.Add(tick.TimestampMs);
        }

        return (times, counts, refused);

        ValueTask Take(FeedGap gap, CancellationToken cancellationToken)
        {
            gaps!.Add(gap);
            return ValueTask.CompletedTask;
        }
    }

    private static byte[] Record(int first, int count)
    {
        var builder = new TickBatchBuilder(EurUsd.PartitionOf(32), TickSource.Live);
        for (var number = first; number < first + count; number++)
        {
            builder.Add(new Tick
            {
                Symbol = EurUsd,
                Kind = TickKind.Quote,
                Fields = TickFields.Bid | TickFields.Ask,
                TimestampMs = FirstMs + number,
                ReceivedMs = FirstMs + number + 12,
                Bid = Price.Create(10451 + number, 4),
                Ask = Price.Create(10452 + number, 4),
            });
        }

        return builder.ToRecord();
    }
}
