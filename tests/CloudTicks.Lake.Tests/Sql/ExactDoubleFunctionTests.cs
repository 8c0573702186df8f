using CloudTicks.Lake.Files;
using CloudTicks.Lake.Sql;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Sql;

public sealed class ExactDoubleFunctionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(999_999_999)]
    [InlineData(1_000_000_000)]
    [InlineData(27_645_000_000_000)]
    [InlineData(1L << 53)]
    [InlineData((1L << 53) + 1)]
    [InlineData(-(1L << 53) - 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Mantissa_of_any_scale_becomes_the_nearest_double(long mantissa)
    {
        for (var scale = 0; scale <= ExactPrice.Scale; scale++)
        {
            ShouldBeNearest(Price.Create(mantissa, scale));
        }
    }

    [Fact]
    public void Random_prices_become_the_nearest_doubles()
    {
        var random = new Random(20261122);
        for (var i = 0; i < 200_000; i++)
        {
            var mantissa = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            ShouldBeNearest(Price.Create(mantissa, random.Next(ExactPrice.Scale + 1)));
        }
    }

    private static void ShouldBeNearest(Price price)
    {
        ExactPrice.TryConvert(price, out var value).ShouldBeTrue();
        var converted = ExactDoubleFunction.Convert(value);
        if (converted != price.ToDouble())
        {
            converted.ShouldBe(price.ToDouble(), $"{price}");
        }
    }
}
