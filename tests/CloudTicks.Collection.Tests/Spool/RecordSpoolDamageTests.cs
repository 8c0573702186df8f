using CloudTicks.Collection.Spool;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Collection.Tests.Spool;

/// <summary>What a spool does about files that were cut, or hold other bytes than were written.</summary>
public sealed class RecordSpoolDamageTests : IDisposable
{
    private const int SegmentHead = 16;
    private const int RecordHead = 48;

    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_head_that_is_damaged_makes_records_come_twice_and_none_is_lost()
    {
        using (var spool = _folder.Open())
        {
            spool.Append([SpoolFolder.Record(1), SpoolFolder.Record(2), SpoolFolder.Record(3)]);
            spool.Acknowledge(2);
            spool.Trim();
        }

        var head = Path.Combine(_folder.Path, "head");
        var bytes = File.ReadAllBytes(head);
        bytes[3] ^= 1;
        File.WriteAllBytes(head, bytes);

        using var next = _folder.Open();
        SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void A_last_record_that_was_cut_at_any_byte_is_cut_off_and_all_before_it_come()
    {
        long end;
        using (var spool = _folder.Open())
        {
            spool.Append([SpoolFolder.Record(1), SpoolFolder.Record(2)]);
            end = spool.Bytes;
            spool.Append([SpoolFolder.Record(3)]);
        }

        var file = _folder.Files().Single();
        var whole = File.ReadAllBytes(file);
        for (var length = end; length < whole.Length; length++)
        {
            File.WriteAllBytes(file, whole[..(int)length]);
            _folder.Tails.Clear();
            using (var next = _folder.Open())
            {
                SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 2], $"cut at {length}");
                new FileInfo(file).Length.ShouldBe(end);
                _folder.Tails.Sum(tail => tail.Bytes).ShouldBe(length - end);
                next.Append([SpoolFolder.Record(4)]);
                SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([4]);
            }

            Array.ForEach(_folder.Files(), File.Delete);
        }

        _folder.Damages.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_whose_first_bytes_were_not_all_written_is_no_spool()
    {
        for (var length = 0; length <= SegmentHead; length++)
        {
            File.WriteAllBytes(SpoolSegment.PathOf(_folder.Path, 1), SpoolSegment.Head()[..length]);
            using (var spool = _folder.Open())
            {
                spool.Records.ShouldBe(0);
                spool.Append([SpoolFolder.Record(1)]);
                SpoolFolder.ReadAll(spool).Select(SpoolFolder.Number).ShouldBe([1]);
            }

            Array.ForEach(_folder.Files(), File.Delete);
        }
    }

    [Fact]
    public void A_bit_that_flips_anywhere_in_a_record_costs_that_record_alone_and_is_told()
    {
        using (var spool = _folder.Open())
        {
            spool.Append([SpoolFolder.Record(1), SpoolFolder.Record(2), SpoolFolder.Record(3), SpoolFolder.Record(4)]);
        }

        var file = _folder.Files().Single();
        var whole = File.ReadAllBytes(file);
        var record = (whole.Length - SegmentHead) / 4;
        for (var at = SegmentHead + record; at < SegmentHead + (2 * record); at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(file, damaged);
            _folder.Damages.Clear();
            using var next = _folder.Open();

            SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 3, 4], $"flipped at {at}");

            var damage = _folder.Damages.ShouldHaveSingleItem();
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
        using (var spool = _folder.Open())
        {
            spool.Append([SpoolFolder.Record(1), SpoolFolder.Record(2)]);
        }

        var file = _folder.Files().Single();
        var whole = File.ReadAllBytes(file);
        for (var at = 0; at < SegmentHead; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 1;
            File.WriteAllBytes(file, damaged);
            using var next = _folder.Open();
            SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 2]);
        }

        _folder.Damages.ShouldBeEmpty();
    }

    [Fact]
    public void Any_bytes_in_place_of_a_stretch_cost_the_records_that_they_touch_alone() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(uint At, byte[] Rubbish)>(),
        stretch =>
        {
            Array.ForEach(Directory.GetFiles(_folder.Path), File.Delete);
            _folder.Damages.Clear();
            _folder.Tails.Clear();
            using (var spool = _folder.Open(400))
            {
                for (var number = 1; number <= 12; number++)
                {
                    spool.Append([SpoolFolder.Record(number)]);
                }
            }

            var file = _folder.Files()[1];
            var whole = File.ReadAllBytes(file);
            var at = (int)(stretch.At % (uint)whole.Length);
            var damaged = whole.ToArray();
            stretch.Rubbish.AsSpan(0, Math.Min(stretch.Rubbish.Length, whole.Length - at)).CopyTo(damaged.AsSpan(at));
            File.WriteAllBytes(file, damaged);
            using var next = _folder.Open(400);

            var found = SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ToList();

            var touched = Enumerable.Range(0, whole.Length).Where(index => whole[index] != damaged[index] && index >= SegmentHead)
                .Select(index => (index - SegmentHead) / (SpoolFolder.Record(1).Value.Length + RecordHead)).Distinct().Count();
            found.ShouldBe(found.Order().Distinct());
            (12 - found.Count).ShouldBe(touched);
            _folder.Damages.Sum(damage => damage.Records).ShouldBe(touched);
        }));

    [Fact]
    public void A_file_of_a_later_version_is_refused_with_a_sentence()
    {
        var head = SpoolSegment.Head();
        head[8] = 2;
        BitConverter.TryWriteBytes(head.AsSpan(12), SpoolFrame.Crc(head.AsSpan(0, 12))).ShouldBeTrue();
        File.WriteAllBytes(SpoolSegment.PathOf(_folder.Path, 1), head);

        Should.Throw<CollectorException>(() => _folder.Open()).Message.ShouldContain("is of format version 2, and this program knows 1");
    }

    [Fact]
    public void A_file_that_was_deleted_from_the_middle_is_told()
    {
        using (var spool = _folder.Open(60))
        {
            for (var number = 1; number <= 4; number++)
            {
                spool.Append([SpoolFolder.Record(number)]);
            }
        }

        File.Delete(_folder.Files()[1]);
        using var next = _folder.Open(60);

        SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 3, 4]);

        _folder.Damages.ShouldHaveSingleItem().Records.ShouldBe(1);
    }
}
