using System.Text;
using CloudTicks.Collection.Gaps;

namespace CloudTicks.Collection.Tests.Gaps;

public sealed class JournalContentTests
{
    private static readonly List<byte[]> Entries =
        [.. Enumerable.Range(1, 12).Select(number => Encoding.ASCII.GetBytes(new string((char)('a' + number), 7 * number)))];

    [Fact]
    public void Flipped_bit_loses_only_its_entry()
    {
        var whole = JournalEntry.Pack(Entries);
        var hitIndex = 0;
        var begin = 0;
        for (var at = 0; at < whole.Length; at++)
        {
            var end = begin + JournalEntry.HeadBytes + Entries[hitIndex].Length;
            if (at == end)
            {
                (begin, hitIndex) = (end, hitIndex + 1);
            }

            var isLength = at - begin < sizeof(int);
            for (var bit = 0; bit < 8; bit++)
            {
                var flipped = whole.ToArray();
                flipped[at] ^= (byte)(1 << bit);

                var content = JournalContent.Read(flipped);

                content.Entries.Select(Encoding.ASCII.GetString).ShouldBe(
                    Entries.Where((_, number) => isLength || number != hitIndex).Select(Encoding.ASCII.GetString), $"byte {at}, bit {bit}");
                (content.Damaged.Count, content.UnfinishedBytes).ShouldBe((1, 0), $"byte {at}, bit {bit}");
            }
        }
    }

    [Fact]
    public void Trailing_zeros_after_power_cut_are_incomplete_entry()
    {
        var content = JournalContent.Read([.. JournalEntry.Pack(Entries), .. new byte[300]]);

        content.Entries.Count.ShouldBe(Entries.Count);
        (content.Damaged.Count, content.UnfinishedBytes).ShouldBe((0, 300));
    }
}
