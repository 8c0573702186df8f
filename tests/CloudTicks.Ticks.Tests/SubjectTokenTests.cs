using System.Text;

namespace CloudTicks.Ticks.Tests;

public sealed class SubjectTokenTests
{
    [Theory]
    [InlineData("EURUSD", "EURUSD")]
    [InlineData("BRK.A", "BRK_A")]
    [InlineData("a*b>c d\te", "a_b_c_d_e")]
    [InlineData("O:SPY251219C00650000", "O:SPY251219C00650000")]
    [InlineData("Zürich", "Zürich")]
    public void Name_becomes_a_token_without_separators_and_wildcards(string name, string token)
    {
        SubjectToken.From(name).ShouldBe(token);

        Span<byte> destination = stackalloc byte[64];
        var length = SubjectToken.Write(Encoding.UTF8.GetBytes(name), destination);
        Encoding.UTF8.GetString(destination[..length]).ShouldBe(token);
    }

    [Fact]
    public void Empty_name_is_refused() => Should.Throw<ArgumentException>(() => SubjectToken.From(""));

    [Fact]
    public void Too_short_destination_is_refused() =>
        Should.Throw<ArgumentException>(() => SubjectToken.Write("EURUSD"u8, new byte[5]));
}
