using System.Text;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Wire;

public sealed class WireTypesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Written_values_are_read_back(bool flexible)
    {
        foreach (var length in new[] { 0, 1, 126, 127, 128, 16_382, 16_383, 32_767 })
        {
            using var writer = new WireWriter { IsFlexible = flexible };
            writer.WriteString(new string('x', length));
            writer.WriteString(null);
            writer.WriteBytes(new byte[length]);
            writer.WriteInt32Array(1, 2, 3);
            writer.WriteArray(["a", "b"], static (w, item) => w.WriteString(item));
            writer.EndStruct();
            var reader = new WireReader(writer.Written.Span, flexible);
            reader.ReadString().Length.ShouldBe(length);
            reader.ReadNullableString().ShouldBeNull();
            reader.ReadBytes().Length.ShouldBe(length);
            reader.ReadArrayLength(4).ShouldBe(3);
            (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()).ShouldBe((1, 2, 3));
            reader.ReadArrayLength(2).ShouldBe(2);
            reader.ReadString().ShouldBe("a");
            reader.EndStruct();
            reader.ReadString().ShouldBe("b");
            reader.EndStruct();
            reader.EndStruct();
            reader.Remaining.ShouldBe(0);
        }
    }

    [Fact]
    public void Compact_types_match_protocol()
    {
        using var writer = new WireWriter { IsFlexible = true };
        writer.WriteString("ab");
        writer.WriteString(null);
        writer.WriteArrayLength(300);
        writer.EndStruct();
        Convert.ToHexString(writer.Written.Span).ShouldBe("03" + Convert.ToHexString(Encoding.ASCII.GetBytes("ab")) + "00" + "AD02" + "00");
    }

    [Fact]
    public void Tagged_fields_are_skipped()
    {
        var reader = new WireReader([2, 0, 1, 0xAA, 0x80, 0x01, 2, 0xBB, 0xCC, 0x07], isFlexible: true);
        reader.EndStruct();
        reader.ReadInt8().ShouldBe((sbyte)7);
    }

    [Theory]
    [InlineData("FFFFFFFFFF")] // unterminated
    [InlineData("FFFFFFFF7F")] // more than 32 bits
    [InlineData("FFFFFFFF0F")] // 4 GiB
    [InlineData("8080808008")] // 2 GiB
    [InlineData("05616263")] // one byte too short
    public void Invalid_compact_lengths_are_refused(string bytes)
    {
        Should.Throw<MalformedRequestException>(() => new WireReader(Convert.FromHexString(bytes), isFlexible: true).ReadNullableString());
        Should.Throw<MalformedRequestException>(() => new WireReader(Convert.FromHexString(bytes), isFlexible: true).SkipBytes());
        Should.Throw<MalformedRequestException>(() => new WireReader(Convert.FromHexString(bytes), isFlexible: true).ReadArrayLength(1));
        Should.Throw<MalformedRequestException>(
            () => new WireReader([1, 0, .. Convert.FromHexString(bytes)], isFlexible: true).EndStruct());
    }
}
