using System.Text;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Ticks.Tests;

public class TickIdentityTests
{
    // From the xxHash documentation and from xxhsum -H64.
    [Theory]
    [InlineData("", "ef46db3751d8e999")]
    [InlineData("a", "d24ec4f1a98c6e5b")]
    [InlineData("abc", "44bc2cf5ad770999")]
    [InlineData("The quick brown fox jumps over the lazy dog", "0b242d361fda71bc")]
    public void XxHash64_known_texts_give_the_published_hashes(string text, string hash) =>
        XxHash64.Hash(Encoding.ASCII.GetBytes(text)).ToString("x16").ShouldBe(hash);

    [Fact]
    public void XxHash64_stripes_and_tail_give_the_hash_of_xxhsum() =>
        XxHash64.Hash(Enumerable.Range(0, 101).Select(value => (byte)value).ToArray()).ToString("x16").ShouldBe("e99038495f85381e");

    // These identities never change: archives and tables contain them. An independent program computed them.
    [Theory]
    [InlineData("stock trade", "ba26ee4063c2732f")]
    [InlineData("stock quote", "de1f3b94ab79a146")]
    [InlineData("one-sided stock quote", "9e8610c54274dec8")]
    [InlineData("option trade", "6733c79d64712cd9")]
    [InlineData("option quote", "8466ac9562ea3fe1")]
    [InlineData("forex", "e46e7eea1b7bcd97")]
    [InlineData("crypto trade", "0c4db471ef6f1cb5")]
    [InlineData("crypto quote", "ef7a254be86c7165")]
    public void Identity_of_golden_tick_never_changes(string name, string identity) =>
        TickIdentity.Of(SampleTicks.Of(name)).ToString("x16").ShouldBe(identity);

    [Fact]
    public void IsDefinedFor_is_true_for_ticks_with_an_identity()
    {
        foreach (var market in Enum.GetValues<Market>())
        {
            foreach (var kind in Enum.GetValues<TickKind>())
            {
                HasIdentity(market, kind).ShouldBe(TickIdentity.IsDefinedFor(market, kind), $"{market} {kind}");
            }
        }

        static bool HasIdentity(Market market, TickKind kind)
        {
            Symbol.TryParse(market, "EURUSD", out var symbol).ShouldBeTrue();
            try
            {
                TickIdentity.Of(new Tick { Symbol = symbol!, Kind = kind });
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Identity_ignores_fields_that_REST_lacks()
    {
        var live = SampleTicks.Of("stock trade");
        var backfilled = SampleTicks.Of("stock trade");
        backfilled.ReceivedMs += 60_000;
        backfilled.Conditions = [];
        backfilled.Tape = 0;
        backfilled.Fields &= ~(TickFields.Conditions | TickFields.Tape | TickFields.Flags);

        TickIdentity.Of(backfilled).ShouldBe(TickIdentity.Of(live));
    }

    [Fact]
    public void Identity_depends_on_each_identifying_field()
    {
        var identities = new HashSet<ulong>();
        for (var change = 0; change <= 7; change++)
        {
            var tick = SampleTicks.Of("stock trade");
            switch (change)
            {
                case 1: tick.Sequence++; break;
                case 2: tick.Exchange++; break;
                case 3: tick.TradeId = "52983525029462"u8; break;
                case 4: tick.Price = Price.Create(7016, 2); break;
                case 5: tick.Size = Price.Create(1006, 1); break;
                case 6: tick.TimestampMs++; break;
                case 7: tick.Symbol = SampleTicks.Of("stock quote").Symbol; break;
            }

            identities.Add(TickIdentity.Of(tick)).ShouldBeTrue($"change {change}");
        }
    }

    [Fact]
    public void Identity_with_zero_side_equals_that_with_absent_side()
    {
        var absent = SampleTicks.Of("one-sided stock quote");
        var zero = SampleTicks.Of("one-sided stock quote");
        zero.Fields |= TickFields.Ask | TickFields.AskExchange;

        TickIdentity.Of(zero).ShouldBe(TickIdentity.Of(absent));
    }
}
