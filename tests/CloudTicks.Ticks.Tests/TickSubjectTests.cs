using System.Text;

namespace CloudTicks.Ticks.Tests;

public class TickSubjectTests
{
    [Theory]
    [InlineData("EURUSD", "ticks.EURUSD")]
    [InlineData("BRK.A", "ticks.BRK_A")]
    public void Subject_is_prefix_and_token_of_the_symbol(string name, string subject)
    {
        var symbol = Symbol.TryParse(name, out var parsed) ? parsed : throw new InvalidOperationException();
        var cache = new TickSubjectCache();

        TickSubject.Of(name).ShouldBe(subject);
        Encoding.UTF8.GetString(cache.Of(symbol)).ShouldBe(subject);
        cache.Of(symbol).ShouldBeSameAs(cache.Of(symbol));
    }

    [Fact]
    public void Prefix_may_have_several_tokens() =>
        Encoding.UTF8.GetString(new TickSubjectCache("replay.ticks").Of(Symbol.TryParse("BRK.A", out var symbol) ? symbol : default!))
            .ShouldBe("replay.ticks.BRK_A");

    [Fact]
    public void Patterns_match_the_contract() => (TickSubject.Everything, TickSubject.EverySymbol).ShouldBe(("ticks.>", "ticks.*"));
}
