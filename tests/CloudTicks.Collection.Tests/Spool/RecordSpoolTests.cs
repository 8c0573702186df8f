using System.Globalization;
using System.Text;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Collection.Tests.Spool;

public sealed class RecordSpoolTests : IDisposable
{
    private const int SegmentHead = 16;
    private const int RecordHead = 48;

    private readonly TemporaryFolder _folder = new();
    private readonly List<SpoolDamage> _damages = [];
    private readonly List<(string Path, long Bytes)> _tails = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_come_back_as_they_were_in_their_order_also_in_a_next_life()
    {
        var records = Enumerable.Range(1, 50).Select(number => new OutgoingRecord(
            number % 7, Encoding.UTF8.GetBytes($"record {number}"), number, number % 3 == 0 ? RecordContent.Gaps : RecordContent.Ticks)).ToArray();
        using (var spool = Open(200))
        {
            spool.Append(records[..20]);
            spool.Append(records[20..]);
            Same(ReadAll(spool), records);
            (spool.Records, spool.Flushes).ShouldBe((50, 2));
        }

        using var next = Open(200);
        Same(ReadAll(next), records);
        _damages.ShouldBeEmpty();
        _tails.ShouldBeEmpty();
    }

    [Fact]
    public void Trim_deletes_the_files_that_were_acknowledged_and_a_next_life_begins_behind_them()
    {
        using (var spool = Open(200))
        {
            for (var number = 1; number <= 10; number++)
            {
                spool.Append([Record(number)]);
            }

            ReadAll(spool).Count.ShouldBe(10);
            spool.Acknowledge(7);
            spool.Trim();
            spool.Records.ShouldBe(3);
            Files().Length.ShouldBe(2);
            spool.Bytes.ShouldBe(Files().Sum(file => new FileInfo(file).Length));
        }

        using (var next = Open(200))
        {
            ReadAll(next).Select(Number).ShouldBe([8, 9, 10]);
            next.Acknowledge(10);
            next.Trim();
            (next.Records, next.Bytes, next.OldestMs).ShouldBe((0, 0, null));
            Files().ShouldBeEmpty();
        }

        using var last = Open(200);
        last.Records.ShouldBe(0);
        last.Append([Record(11)]);
        ReadAll(last).Select(Number).ShouldBe([11]);
    }

    [Fact]
    public void A_head_that_is_damaged_makes_records_come_twice_and_none_is_lost()
    {
        using (var spool = Open())
        {
            spool.Append([Record(1), Record(2), Record(3)]);
            spool.Acknowledge(2);
            spool.Trim();
        }

        var head = _folder.File("head");
        var bytes = File.ReadAllBytes(head);
        bytes[3] ^= 1;
        File.WriteAllBytes(head, bytes);

        using var next = Open();
        ReadAll(next).Select(Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_last_record_that_was_cut_at_any_byte_is_cut_off_and_all_before_it_come()
    {
        long end;
        using (var spool = Open())
        {
            spool.Append([Record(1), Record(2)]);
            end = spool.Bytes;
            spool.Append([Record(3)]);
        }

        var file = Files().Single();
        var whole = File.ReadAllBytes(file);
        for (var length = end; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..(int)length]);
            _tails.Clear();
            using (var next = Open())
            {
                ReadAll(next).Select(Number).ShouldBe([1, 2], $"cut at {length}");
                new FileInfo(file).Length.ShouldBe(end);
                _tails.Sum(tail => tail.Bytes).ShouldBe(length - end);
                next.Append([Record(4)]);
                ReadAll(next).Select(Number).ShouldBe([4]);
            }

            Array.ForEach(Files(), File.Delete);
        }

        _damages.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_whose_first_bytes_were_not_all_written_is_no_spool()
    {
        for (var length = 0; length <= SegmentHead; length++)
        {
            File.WriteAllBytes(SpoolSegment.PathOf(_folder.Path, 1), SpoolSegment.Head()[..length]);
            using (var spool = Open())
            {
                spool.Records.ShouldBe(0);
                spool.Append([Record(1)]);
                ReadAll(spool).Select(Number).ShouldBe([1]);
            }

            Array.ForEach(Files(), File.Delete);
        }
    }

    [Fact]
    public void A_bit_that_flips_anywhere_in_a_record_costs_that_record_alone_and_is_told()
    {
        using (var spool = Open())
        {
            spool.Append([Record(1), Record(2), Record(3), Record(4)]);
        }

        var file = Files().Single();
        var whole = File.ReadAllBytes(file);
        var record = (whole.Length - SegmentHead) / 4;
        for (var at = SegmentHead + record; at < SegmentHead + (2 * record); at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(file, damaged);
            _damages.Clear();
            using var next = Open();

            ReadAll(next).Select(Number).ShouldBe([1, 3, 4], $"flipped at {at}");

            var damage = _damages.ShouldHaveSingleItem();
            (damage.FirstSequence, damage.Records).ShouldBe((2, 1));
            if (at >= SegmentHead + record + RecordHead)
            {
                (damage.Partition, damage.Ticks).ShouldBe((2, 20));
            }
        }
    }

    [Fact]
    public void A_bit_that_flips_in_the_head_of_a_file_costs_nothing()
    {
        using (var spool = Open())
        {
            spool.Append([Record(1), Record(2)]);
        }

        var file = Files().Single();
        var whole = File.ReadAllBytes(file);
        for (var at = 0; at < SegmentHead; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 1;
            File.WriteAllBytes(file, damaged);
            using var next = Open();
            ReadAll(next).Select(Number).ShouldBe([1, 2]);
        }

        _damages.ShouldBeEmpty();
    }

    [Fact]
    public void Any_bytes_in_place_of_a_stretch_cost_the_records_that_they_touch_alone() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(uint At, byte[] Rubbish)>(),
        stretch =>
        {
            Array.ForEach(Directory.GetFiles(_folder.Path), File.Delete);
            _damages.Clear();
            _tails.Clear();
            using (var spool = Open(400))
            {
                for (var number = 1; number <= 12; number++)
                {
                    spool.Append([Record(number)]);
                }
            }

            var file = Files()[1];
            var whole = File.ReadAllBytes(file);
            var at = (int)(stretch.At % (uint)whole.Length);
            var damaged = whole.ToArray();
            stretch.Rubbish.AsSpan(0, Math.Min(stretch.Rubbish.Length, whole.Length - at)).CopyTo(damaged.AsSpan(at));
            File.WriteAllBytes(file, damaged);
            using var next = Open(400);

            var found = ReadAll(next).Select(Number).ToList();

            var touched = Enumerable.Range(0, whole.Length).Where(index => whole[index] != damaged[index] && index >= SegmentHead)
                .Select(index => (index - SegmentHead) / (Record(1).Value.Length + RecordHead)).Distinct().Count();
            found.ShouldBe(found.Order().Distinct());
            (12 - found.Count).ShouldBe(touched);
            _damages.Sum(damage => damage.Records).ShouldBe(touched);
        }));

    [Fact]
    public void A_file_of_a_later_version_is_refused_with_a_sentence()
    {
        var head = SpoolSegment.Head();
        head[8] = 2;
        BitConverter.TryWriteBytes(head.AsSpan(12), SpoolFrame.Crc(head.AsSpan(0, 12))).ShouldBeTrue();
        File.WriteAllBytes(SpoolSegment.PathOf(_folder.Path, 1), head);

        Should.Throw<CollectorException>(() => Open()).Message.ShouldContain("is of format version 2, and this program knows 1");
    }

    [Fact]
    public void A_file_that_was_deleted_from_the_middle_is_told()
    {
        using (var spool = Open(60))
        {
            for (var number = 1; number <= 4; number++)
            {
                spool.Append([Record(number)]);
            }
        }

        File.Delete(Files()[1]);
        using var next = Open(60);

        ReadAll(next).Select(Number).ShouldBe([1, 3, 4]);

        _damages.ShouldHaveSingleItem().Records.ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_cannot_be_made_durable_is_not_taken_and_can_be_appended_again(bool cannotBeCut)
    {
        var disk = new ScriptedDisk();
        using (var spool = Open(disk: disk))
        {
            spool.Append([Record(1)]);
            (disk.FailsToFlush, disk.FailsToCut) = (true, cannotBeCut);
            Should.Throw<IOException>(() => spool.Append([Record(2), Record(3)]));
            spool.Records.ShouldBe(1);
            ReadAll(spool).Select(Number).ShouldBe([1]);
            disk.FailsToFlush = false;

            spool.Append([Record(3), Record(4)]).ShouldBe(2);

            ReadAll(spool).Select(Number).ShouldBe([3, 4]);
        }

        using var next = Open();
        ReadAll(next).Select(Number).ShouldBe([1, 3, 4]);
        _damages.ShouldBeEmpty();
    }

    [Fact]
    public void Records_that_the_sink_has_already_are_passed_over()
    {
        using (var spool = Open())
        {
            spool.Append([Record(1), Record(2), Record(3)], handed: 2);
            ReadAll(spool).Select(Number).ShouldBe([3]);
        }

        // A next life does not know.
        using var next = Open();
        ReadAll(next).Select(Number).ShouldBe([1, 2, 3]);
    }

    private static OutgoingRecord Record(int number) =>
        new(number, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"record {number:000000}")), number * 10);

    private static int Number(SpooledRecord record) => int.Parse(Encoding.UTF8.GetString(record.Record.Value)["record ".Length..], CultureInfo.InvariantCulture);

    private static List<SpooledRecord> ReadAll(RecordSpool spool)
    {
        List<SpooledRecord> records = [];
        while (spool.TryRead(out var record))
        {
            records.Add(record);
        }

        return records;
    }

    private static void Same(List<SpooledRecord> found, OutgoingRecord[] records)
    {
        found.Select(record => record.Sequence).ShouldBe(Enumerable.Range(1, records.Length).Select(number => (long)number));
        found.Select(record => (record.Record.Partition, Encoding.UTF8.GetString(record.Record.Value), record.Record.Ticks, record.Record.Content))
            .ShouldBe(records.Select(record => (record.Partition, Encoding.UTF8.GetString(record.Value), record.Ticks, record.Content)));
    }

    private string[] Files() => [.. Directory.GetFiles(_folder.Path, "*.spool").Order(StringComparer.Ordinal)];

    private RecordSpool Open(long segmentBytes = 1 << 20, Disk? disk = null)
    {
        var spool = RecordSpool.Open(
            _folder.Path, disk ?? new Disk(), segmentBytes, TimeProvider.System, (path, bytes) => _tails.Add((path, bytes)));
        spool.OnDamage = _damages.Add;
        return spool;
    }
}
