using System.Text;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;

namespace CloudTicks.Collection.Tests.Spool;

public sealed class RecordSpoolTests : IDisposable
{
    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_are_read_unchanged_in_order_by_this_and_next_run()
    {
        var records = Enumerable.Range(1, 50).Select(number => new OutgoingRecord(
            number % 7, Encoding.UTF8.GetBytes($"record {number}"), number,
            number % 3 == 0 ? RecordContent.Gaps : RecordContent.Ticks)).ToArray();
        using (var spool = _folder.Open(200))
        {
            spool.Append(records[..20]);
            spool.Append(records[20..]);
            ShouldBeSame(SpoolFolder.ReadAll(spool), records);
            (spool.Records, spool.Flushes).ShouldBe((50, 2));
        }

        using var next = _folder.Open(200);
        ShouldBeSame(SpoolFolder.ReadAll(next), records);
        _folder.Damages.ShouldBeEmpty();
        _folder.CutTails.ShouldBeEmpty();
    }

    [Fact]
    public void Trim_deletes_files_whose_records_are_acknowledged()
    {
        using (var spool = _folder.Open(200))
        {
            for (var number = 1; number <= 10; number++)
            {
                spool.Append([SpoolFolder.Record(number)]);
            }

            SpoolFolder.ReadAll(spool).Count.ShouldBe(10);
            spool.Acknowledge(7);
            spool.Trim();
            spool.Records.ShouldBe(3);
            _folder.Files().Length.ShouldBe(2);
            spool.Bytes.ShouldBe(_folder.Files().Sum(file => new FileInfo(file).Length));
        }

        using (var next = _folder.Open(200))
        {
            SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([8, 9, 10]);
            next.Acknowledge(10);
            next.Trim();
            (next.Records, next.Bytes, next.OldestMs).ShouldBe((0, 0, null));
            _folder.Files().ShouldBeEmpty();
        }

        using var last = _folder.Open(200);
        last.Records.ShouldBe(0);
        last.Append([SpoolFolder.Record(11)]);
        SpoolFolder.ReadAll(last).Select(SpoolFolder.Number).ShouldBe([11]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Failed_append_can_be_repeated(bool failsToTruncate)
    {
        var disk = new ScriptedDisk();
        using (var spool = _folder.Open(disk: disk))
        {
            spool.Append([SpoolFolder.Record(1)]);
            (disk.FailsToFlush, disk.FailsToTruncate) = (true, failsToTruncate);
            Should.Throw<IOException>(() => spool.Append([SpoolFolder.Record(2), SpoolFolder.Record(3)]));
            spool.Records.ShouldBe(1);
            SpoolFolder.ReadAll(spool).Select(SpoolFolder.Number).ShouldBe([1]);
            disk.FailsToFlush = false;

            spool.Append([SpoolFolder.Record(3), SpoolFolder.Record(4)]).ShouldBe(2);

            SpoolFolder.ReadAll(spool).Select(SpoolFolder.Number).ShouldBe([3, 4]);
        }

        using var next = _folder.Open();
        SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 3, 4]);
        _folder.Damages.ShouldBeEmpty();
    }

    [Fact]
    public void Records_handed_to_sink_are_skipped()
    {
        using (var spool = _folder.Open())
        {
            spool.Append([SpoolFolder.Record(1), SpoolFolder.Record(2), SpoolFolder.Record(3)], handedOver: 2);
            SpoolFolder.ReadAll(spool).Select(SpoolFolder.Number).ShouldBe([3]);
        }

        // The spool does not store which records the sink already holds, so the next run reads them again.
        using var next = _folder.Open();
        SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 2, 3]);
    }

    private static void ShouldBeSame(List<SpooledRecord> found, OutgoingRecord[] records)
    {
        found.Select(record => record.Sequence).ShouldBe(Enumerable.Range(1, records.Length).Select(number => (long)number));
        found.Select(
            record => (record.Record.Partition, Encoding.UTF8.GetString(record.Record.Value), record.Record.Ticks, record.Record.Content))
            .ShouldBe(records.Select(record => (record.Partition, Encoding.UTF8.GetString(record.Value), record.Ticks, record.Content)));
    }
}
