using CloudTicks.Collection.Spool;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Collection.Tests.Spool;

/// <summary>Tests a spool with truncated and damaged files.</summary>
public sealed class RecordSpoolDamageTests : IDisposable
{
    private const int SegmentHeadBytes = 16;
    private const int RecordHeadBytes = 48;

    private readonly SpoolFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damaged_head_file_repeats_records_and_loses_none()
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
    public void Last_record_cut_at_any_byte_is_removed()
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
            _folder.CutTails.Clear();
            using (var next = _folder.Open())
            {
                SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 2], $"cut at {length}");
                new FileInfo(file).Length.ShouldBe(end);
                _folder.CutTails.Sum(tail => tail.Bytes).ShouldBe(length - end);
                next.Append([SpoolFolder.Record(4)]);
                SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([4]);
            }

            Array.ForEach(_folder.Files(), File.Delete);
        }

        _folder.Damages.ShouldBeEmpty();
    }

    [Fact]
    public void File_with_partial_head_is_ignored()
    {
        for (var length = 0; length <= SegmentHeadBytes; length++)
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
    public void Flipped_bit_loses_only_its_record_and_is_reported()
    {
        using (var spool = _folder.Open())
        {
            spool.Append([SpoolFolder.Record(1), SpoolFolder.Record(2), SpoolFolder.Record(3), SpoolFolder.Record(4)]);
        }

        var file = _folder.Files().Single();
        var whole = File.ReadAllBytes(file);
        var recordBytes = (whole.Length - SegmentHeadBytes) / 4;
        for (var at = SegmentHeadBytes + recordBytes; at < SegmentHeadBytes + (2 * recordBytes); at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(file, damaged);
            _folder.Damages.Clear();
            using var next = _folder.Open();

            SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ShouldBe([1, 3, 4], $"flipped at {at}");

            var damage = _folder.Damages.ShouldHaveSingleItem();
            (damage.FirstSequence, damage.Records).ShouldBe((2, 1));
            if (at >= SegmentHeadBytes + recordBytes + RecordHeadBytes)
            {
                (damage.Partition, damage.Ticks).ShouldBe((2, 20));
            }
        }
    }

    [Fact]
    public void Flipped_bit_in_file_head_loses_nothing()
    {
        using (var spool = _folder.Open())
        {
            spool.Append([SpoolFolder.Record(1), SpoolFolder.Record(2)]);
        }

        var file = _folder.Files().Single();
        var whole = File.ReadAllBytes(file);
        for (var at = 0; at < SegmentHeadBytes; at++)
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
    public void Overwritten_bytes_lose_only_overlapping_records() => Check.QuickThrowOnFailure(Prop.ForAll(
        ArbMap.Default.ArbFor<(uint At, byte[] Bytes)>(),
        damage =>
        {
            Array.ForEach(Directory.GetFiles(_folder.Path), File.Delete);
            _folder.Damages.Clear();
            _folder.CutTails.Clear();
            using (var spool = _folder.Open(400))
            {
                for (var number = 1; number <= 12; number++)
                {
                    spool.Append([SpoolFolder.Record(number)]);
                }
            }

            var file = _folder.Files()[1];
            var whole = File.ReadAllBytes(file);
            var at = (int)(damage.At % (uint)whole.Length);
            var damaged = whole.ToArray();
            damage.Bytes.AsSpan(0, Math.Min(damage.Bytes.Length, whole.Length - at)).CopyTo(damaged.AsSpan(at));
            File.WriteAllBytes(file, damaged);
            using var next = _folder.Open(400);

            var found = SpoolFolder.ReadAll(next).Select(SpoolFolder.Number).ToList();

            var hitRecords = Enumerable.Range(0, whole.Length).Where(index => whole[index] != damaged[index] && index >= SegmentHeadBytes)
                .Select(index => (index - SegmentHeadBytes) / (SpoolFolder.Record(1).Value.Length + RecordHeadBytes)).Distinct().Count();
            found.ShouldBe(found.Order().Distinct());
            (12 - found.Count).ShouldBe(hitRecords);
            _folder.Damages.Sum(damage => damage.Records).ShouldBe(hitRecords);
        }));

    [Fact]
    public void File_of_later_version_is_refused_with_message()
    {
        var head = SpoolSegment.Head();
        head[8] = 2;
        BitConverter.TryWriteBytes(head.AsSpan(12), SpoolFrame.Crc(head.AsSpan(0, 12))).ShouldBeTrue();
        File.WriteAllBytes(SpoolSegment.PathOf(_folder.Path, 1), head);

        Should.Throw<CollectorException>(() => _folder.Open()).Message.ShouldContain("has format version 2, but this program reads version "
            + "1");
    }

    [Fact]
    public void Deleted_middle_file_is_reported()
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
