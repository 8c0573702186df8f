using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Wire;

public class Crc32CTests
{
    private const uint Polynomial = 0x82F63B78;

    [Fact]
    public void Standard_check_value_matches() => Crc32C.Of("123456789"u8).ShouldBe(0xE3069283);

    [Fact]
    public void Checksum_of_every_length_matches_bitwise_computation()
    {
        var bytes = new byte[7000];
        new Random(1).NextBytes(bytes);
        var crc = ~0u;
        for (var length = 0; length <= bytes.Length; length++)
        {
            Crc32C.Of(bytes.AsSpan(0, length)).ShouldBe(~crc);
            crc = length < bytes.Length ? Add(crc, bytes[length]) : crc;
        }
    }

    [Theory]
    [InlineData(0, 5000)]
    [InlineData(32, 3072)]
    [InlineData(3075, 6200)]
    public void Checksum_of_two_spans_equals_that_of_one(int first, int second)
    {
        var bytes = new byte[first + second];
        new Random(2).NextBytes(bytes);
        Crc32C.Of(bytes.AsSpan(0, first), bytes.AsSpan(first)).ShouldBe(Crc32C.Of(bytes));
    }

    private static uint Add(uint crc, byte value)
    {
        crc ^= value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc >> 1) ^ ((crc & 1) * Polynomial);
        }

        return crc;
    }
}
