using System.Text;
using CloudTicks.EventHub.Records;

namespace CloudTicks.EventHub.Tests.Records;

public sealed class RecordCodecsTests
{
    private const int MaxBytes = 8 * 1024 * 1024;

    private const string Ticks = "tick tick tick tick tick tick";

    public static TheoryData<int> Codecs { get; } = [1, 2, 3, 4];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Compressed_records_are_restored(int codec)
    {
        var random = new Random(codec);
        for (var size = 0; size < 300_000; size = (size * 2) + random.Next(1, 40))
        {
            foreach (var records in new[] { RandomBytes(random, size), RandomWords(random, size), new byte[size] })
            {
                var packed = Pack(codec, records);
                Unpack(codec, packed).ShouldBe(records);
                packed.Length.ShouldBeLessThan(records.Length + (records.Length / 20) + 200);
            }
        }

        Pack(codec, RandomWords(random, 100_000)).Length.ShouldBeLessThan(70_000);
    }

    [Theory]
    [InlineData(2, "HRB0aWNrIF4FAA==")]
    [InlineData(2, "glNOQVBQWQAAAAABAAAAAQAAAAodEHRpY2sgXgUA")] // with the header of Java clients
    [InlineData(3, "BCJNGGBAgg8AAABfdGljayAFAABQIHRpY2sAAAAA")]
    [InlineData(4, "KLUv/SAdXQAAKHRpY2sgAQAAixY=")]
    public void Records_of_other_compressors_are_read(int codec, string packed) =>
        Encoding.ASCII.GetString(Unpack(codec, Convert.FromBase64String(packed))).ShouldBe(Ticks);

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Mutated_bytes_stay_within_limit(int codec)
    {
        var random = new Random(codec);
        var packed = Pack(codec, RandomWords(random, 3000));
        for (var i = 0; i < 20_000; i++)
        {
            var mutated = packed.AsSpan(0, random.Next(packed.Length + 1)).ToArray();
            for (var flips = random.Next(4); flips > 0 && mutated.Length > 0; flips--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            using var unpacked = new RecordBuffer(MaxBytes);
            RecordCodecs.TryUnpack((RecordCodec)codec, mutated, unpacked);
            unpacked.Length.ShouldBeLessThanOrEqualTo(MaxBytes);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Too_large_unpacked_bytes_are_refused(int codec)
    {
        var packed = Pack(codec, new byte[2 * MaxBytes]);
        using var unpacked = new RecordBuffer(MaxBytes);
        RecordCodecs.TryUnpack((RecordCodec)codec, packed, unpacked).ShouldBeFalse();
    }

    private static byte[] Pack(int codec, byte[] records)
    {
        using var packed = new RecordBuffer(int.MaxValue);
        RecordCodecs.Pack((RecordCodec)codec, records, packed);
        return packed.Written.ToArray();
    }

    private static byte[] Unpack(int codec, byte[] packed)
    {
        using var unpacked = new RecordBuffer(MaxBytes);
        RecordCodecs.TryUnpack((RecordCodec)codec, packed, unpacked).ShouldBeTrue();
        return unpacked.Written.ToArray();
    }

    private static byte[] RandomBytes(Random random, int size)
    {
        var bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] RandomWords(Random random, int size)
    {
        var text = new StringBuilder();
        while (text.Length < size)
        {
            text.Append("EURUSD ").Append(random.Next(1000));
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, size));
    }
}
