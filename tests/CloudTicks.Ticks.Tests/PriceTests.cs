using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Ticks.Tests;

public class PriceTests
{
    [Theory]
    [InlineData("1.0451", 10451, 4)]
    [InlineData("1.1000", 11, 1)]
    [InlineData("100", 100, 0)]
    [InlineData("100.00", 100, 0)]
    [InlineData("0", 0, 0)]
    [InlineData("-0.0", 0, 0)]
    [InlineData("-3.50", -35, 1)]
    [InlineData("4e-05", 4, 5)]
    [InlineData("1.5E+3", 1500, 0)]
    [InlineData("0.123456789012345", 123456789012345, 15)]
    [InlineData("1234.567890123456789", 1234567890123456789, 15)]
    [InlineData("9223372036854775807", long.MaxValue, 0)]
    [InlineData("1.2345678901234567e-07", 12345678901234567, 23)]
    [InlineData("10000000000000000000000e-22", 1, 0)]
    public void TryParse_number_is_kept_exactly(string text, long mantissa, int scale)
    {
        Price.TryParse(Encoding.UTF8.GetBytes(text), out var price).ShouldBeTrue();

        (price.Mantissa, price.Scale).ShouldBe((mantissa, scale));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("1.5x")]
    [InlineData(" 1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("\"1\"")]
    public void TryParse_text_that_is_not_a_json_number_is_refused(string text) =>
        Price.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("1e19")]
    [InlineData("1e-39")]
    [InlineData("1e999999999999")]
    [InlineData("0.12345678901234567891")]
    public void TryParse_number_that_needs_rounding_is_refused(string text) =>
        Price.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();

    [Fact]
    public void TryParse_exponent_that_cancels_many_zeros_is_accepted()
    {
        Price.TryParse(Encoding.UTF8.GetBytes($"0.{new string('0', 500)}15e501"), out var price).ShouldBeTrue();
        (price.Mantissa, price.Scale).ShouldBe((15, 1));

        Price.TryParse(Encoding.UTF8.GetBytes($"0.{new string('0', 395)}1e450"), out _).ShouldBeFalse();
    }

    [Fact]
    public void Format_any_price_parses_back_to_itself() => Check.QuickThrowOnFailure(Prop.ForAll(Prices, price =>
        Price.TryParse(Encoding.UTF8.GetBytes(price.ToString()), out var read) && read == price));

    [Fact]
    public void ToDouble_any_price_equals_parsing_its_text() => Check.QuickThrowOnFailure(Prop.ForAll(Prices, price =>
        price.ToDouble().Equals(double.Parse(price.ToString(), CultureInfo.InvariantCulture))));

    [Fact]
    public void CompareTo_any_prices_agrees_with_exact_arithmetic() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Prices, Prices, (left, right) =>
        Math.Sign(left.CompareTo(right)) == Exact(left).CompareTo(Exact(right)) && (left < right) == (Exact(left) < Exact(right))));

    [Fact]
    public void TryParse_trailing_zeros_change_nothing() => Check.QuickThrowOnFailure(Prop.ForAll(Prices, price =>
    {
        var text = price.ToString() + (price.Scale == 0 ? "." : "") + "000";
        return Price.TryParse(Encoding.UTF8.GetBytes(text), out var read) && read == price && read.Scale == price.Scale;
    }));

    private static Arbitrary<Price> Prices =>
        (from mantissa in Gen.OneOf(ArbMap.Default.GeneratorFor<long>(), Gen.Choose(-1000, 2_000_000).Select(value => (long)value))
         from scale in Gen.Choose(0, Price.MaxScale)
         select Price.Create(mantissa, scale)).ToArbitrary();

    private static System.Numerics.BigInteger Exact(Price price) =>
        price.Mantissa * System.Numerics.BigInteger.Pow(10, Price.MaxScale - price.Scale);
}
