using System.Text;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Ticks.Tests;

public class TickNamesTests
{
    [Fact]
    public void Names_match_the_contract()
    {
        Enum.GetValues<Market>().Select(market => market.Name()).ShouldBe(["stock", "option", "forex", "crypto"]);
        Enum.GetValues<Market>().Select(market => Text(market.Utf8Name())).ShouldBe(["stock", "option", "forex", "crypto"]);
        Enum.GetValues<TickKind>().Select(kind => kind.Name()).ShouldBe(["quote", "trade"]);
        Enum.GetValues<TickKind>().Select(kind => Text(kind.Utf8Name())).ShouldBe(["quote", "trade"]);
        Enum.GetValues<TickSource>().Select(source => Text(source.Utf8Name()))
            .ShouldBe(["live", "backfill", "db_command", "replay", "import"]);
        Enum.GetValues<GapState>().Select(state => state.Name()).ShouldBe(["open", "filling", "filled", "unfillable"]);
    }

    [Fact]
    public void TryParse_reads_names_and_refuses_other_texts()
    {
        TickNames.TryParse("option", out Market market).ShouldBeTrue();
        TickNames.TryParse("trade", out TickKind kind).ShouldBeTrue();
        TickNames.TryParse("filling", out GapState state).ShouldBeTrue();

        (market, kind, state).ShouldBe((Market.Option, TickKind.Trade, GapState.Filling));
        TickNames.TryParse("Stock", out Market _).ShouldBeFalse();
        TickNames.TryParse(null, out TickKind _).ShouldBeFalse();
        TickNames.StateHint.ShouldContain("open, filling, filled, unfillable");
    }

    [Fact]
    public void Name_of_an_undefined_value_throws()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => ((Market)9).Name());
        Should.Throw<ArgumentOutOfRangeException>(() => Text(((TickKind)0).Utf8Name()));
        Should.Throw<ArgumentOutOfRangeException>(() => Text(((TickSource)99).Utf8Name()));
    }

    private static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
