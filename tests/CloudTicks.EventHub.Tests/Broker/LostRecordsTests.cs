using System.Net;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Broker;

/// <summary>Recovery after the log has lost acknowledged records.</summary>
public sealed class LostRecordsTests : IDisposable
{
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Truncated_log_serves_the_rest_and_reports_the_loss()
    {
        const int Records = 2000;
        var token = TestContext.Current.CancellationToken;
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: token);
        var values = Enumerable.Range(0, Records).Select(i => $"record {i}").ToList();
        using (var client = await WireClient.ConnectAsync(IPEndPoint.Parse(hub.BootstrapServers)))
        {
            await client.CreateTopicAsync("ticks");
            foreach (var part in values.Chunk(100))
            {
                (await client.ProduceAsync("ticks", 0, Batches.Of(part))).Error.ShouldBe(ErrorCode.None);
            }
        }

        await hub.KillAsync();
        var batchPositions = DataCopy.Batches(DataCopy.LogFile(hub.DataFolder));
        using (var log = File.OpenWrite(DataCopy.LogFile(hub.DataFolder)))
        {
            log.SetLength(batchPositions[12] + 10);
        }

        await hub.RestartAsync(token);
        using var again = await WireClient.ConnectAsync(IPEndPoint.Parse(hub.BootstrapServers));
        Batches.Read((await again.FetchAsync("ticks", 0, 0)).Records).Select(r => r.Value).ShouldBe(values.Take(1200));
        (await again.ProduceAsync("ticks", 0, Batches.Of("next"))).Offset.ShouldBe(Records);
        hub.Log.ShouldContain(line => line.Contains("ticks[0] lost 800 records, from offset 1200 to 1999", StringComparison.Ordinal));
        hub.Log.ShouldNotContain(line => line.Contains("Nothing indicates that the write was acknowledged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Offsets_of_lost_records_are_not_reused()
    {
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        var copy = _folder.Kill();
        await storage.AppendAsync("ticks", 0, Batches.Of("c", "d"));
        File.Copy(Path.Combine(_folder.Data, "acknowledged"), Path.Combine(copy, "acknowledged"), overwrite: true);

        await using (var again = new TestStorage(copy))
        {
            again.Log.Lines.ShouldContain(line => line.StartsWith("Error", StringComparison.Ordinal)
                && line.Contains("ticks[0] lost 2 records, from offset 2 to 3", StringComparison.Ordinal));
            again.Hub.Damage.Problem!.ShouldContain("ticks[0] from offset 2 to 3");
            again.Topic("ticks").Partitions[0].Reader.AvailableBytes(2).ShouldBe(0, "a reader at this offset waits for the next record");
            (await again.AppendAsync("ticks", 0, Batches.Of("e"))).ShouldBe((ErrorCode.None, 4L));
            again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (4, "e")]);
        }

        await using var third = new TestStorage(copy);
        third.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (4, "e")]);
        third.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1, "only the reminder");
    }

    [Fact]
    public async Task Idempotent_producer_continues_after_lost_batches()
    {
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of(["a"], producer: 7, epoch: 0, sequence: 0));
        var copy = _folder.Kill();
        await storage.AppendAsync("ticks", 0, Batches.Of(["lost"], producer: 7, epoch: 0, sequence: 1));
        File.Copy(Path.Combine(_folder.Data, "acknowledged"), Path.Combine(copy, "acknowledged"), overwrite: true);

        await using var again = new TestStorage(copy);
        (await again.AppendAsync("ticks", 0, Batches.Of(["a"], producer: 7, epoch: 0, sequence: 0)))
            .ShouldBe((ErrorCode.None, 0L), "a duplicate");
        (await again.AppendAsync("ticks", 0, Batches.Of(["c"], producer: 7, epoch: 0, sequence: 2))).ShouldBe((ErrorCode.None, 2L));
        (await again.AppendAsync("ticks", 0, Batches.Of(["d"], producer: 7, epoch: 0, sequence: 4))).Error.ShouldBe(
            ErrorCode.OutOfOrderSequence);
    }

    [Fact]
    public async Task Committed_offset_is_not_reused()
    {
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a"));
        var commitPosition = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of("b"));
        var commit = new OffsetsCommit(storage.Hub.Offsets, "g", [(storage.Topic("ticks"), 0, new CommittedOffset(2, -1, ""))]);
        storage.Hub.Log.Enqueue(commit);
        await commit.Completion;
        var copy = _folder.Kill();
        DataCopy.DeleteAcknowledged(copy);
        DataCopy.Flip(DataCopy.LogFile(copy), commitPosition + 104);

        await using var again = new TestStorage(copy);
        (await again.AppendAsync("ticks", 0, Batches.Of("c"))).ShouldBe((ErrorCode.None, 2L));
        again.Log.Lines.ShouldContain(line => line.Contains("ticks[0] lost 1 records, from offset 1 to 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Accepted_damage_stays_accepted()
    {
        var segment = await DamageAsync();
        await using (var again = new TestStorage(_folder.Data))
        {
            again.ReadAll("ticks").ShouldBe([(1, "b")]);
            again.Hub.Damage.OpenCount.ShouldBe(1);
            var entry = Directory.GetFiles(Path.Combine(_folder.Data, "damage"), "*.damaged").ShouldHaveSingleItem();
            File.ReadAllText(entry).ShouldContain(segment);
            File.Move(entry, entry + ".accepted");
            again.Hub.Damage.Refresh();
            again.Hub.Damage.Problem.ShouldBeNull();
            again.Log.Lines.ShouldContain(line => line.Contains("is accepted", StringComparison.Ordinal));
        }

        await using var third = new TestStorage(_folder.Data);
        third.ReadAll("ticks").ShouldBe([(1, "b")]);
        third.Hub.Damage.Problem.ShouldBeNull();
        third.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unresolved_damage_is_reported_after_restart()
    {
        await DamageAsync();
        for (var start = 0; start < 2; start++)
        {
            await using var again = new TestStorage(_folder.Data);
            again.ReadAll("ticks").ShouldBe([(1, "b")]);
            again.Hub.Damage.Problem!.ShouldContain("1 range of records is damaged or lost, the first in ticks[0] from offset 0 to 0");
            again.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1, "once");
        }
    }

    /// <summary>Damages a batch in an indexed log file, which is not read at startup.</summary>
    private async Task<string> DamageAsync()
    {
        await using (var storage = new TestStorage(_folder.Data, sizes: new WalSettings { FileBytes = 1, ReserveBytes = 4096 }))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            await storage.AppendAsync("ticks", 0, Batches.Of("b"));
        }

        var file = DataCopy.LogFiles(_folder.Data).First(f => DataCopy.Batches(f).Count > 0);
        DataCopy.Flip(file, DataCopy.Batches(file).ShouldHaveSingleItem() + 65);
        return file;
    }
}
