using System.Text;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Ticks.Tests.Gaps;

public class GapRecordTests
{
    private static readonly string GoldenFile = Path.Combine(AppContext.BaseDirectory, "Golden", "gap_v1.json");

    private static readonly FeedGap Sample = new(
        Guid.Parse("0199b6a4-6f00-7abc-8def-0123456789ab"), SymbolOf("EUR/USD"), TickKind.Quote, 1737993600000, 1737993605000,
        "disconnected",
        "the session with forex ended", GapState.Filled, 42, "a café's \"word\"", 1737993605012);

    [Fact]
    public void Write_sample_is_the_golden_text() =>
        Encoding.UTF8.GetString(GapRecord.Write(Sample)).ShouldBe(File.ReadAllText(GoldenFile).TrimEnd('\n'));

    [Fact]
    public void TryRead_golden_record_returns_the_sample()
    {
        GapRecord.TryRead(File.ReadAllBytes(GoldenFile), out var gap, out var fault).ShouldBeTrue(fault);

        gap.ShouldBe(Sample);
    }

    [Fact]
    public void Record_with_missing_ticks_round_trips_the_golden_text()
    {
        var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "gap_v1_missing.json")).TrimEnd('\n');
        var expected = Sample with
        {
            Cause = "spool_damaged",
            FoundBy = "the spool",
            State = GapState.Unfillable,
            Recovered = 7,
            Detail = "1 of 3 ticks known to be missing did not come back",
            Missing = 3,
            Restored = 2,
            Loss = Guid.Parse("0199b6a4-6f00-7abc-8def-0123456789ac"),
        };

        GapRecord.TryRead(Encoding.UTF8.GetBytes(golden), out var gap, out var fault).ShouldBeTrue(fault);

        gap.ShouldBe(expected);
        Encoding.UTF8.GetString(GapRecord.Write(expected)).ShouldBe(golden);
    }

    [Theory]
    [InlineData("EURUSD")]
    [InlineData("BRK.A")]
    [InlineData("O:SPY251219C00650000")]
    [InlineData("BTC-USD")]
    public void TryRead_written_gap_returns_the_same_gap(string symbol)
    {
        foreach (var state in Enum.GetValues<GapState>())
        {
            var gap = Sample with
            {
                Id = Guid.NewGuid(),
                Symbol = SymbolOf(symbol),
                Kind = TickKind.Trade,
                State = state,
                ToMs = null,
                Detail = null
            };

            GapRecord.TryRead(GapRecord.Write(gap), out var read, out var fault).ShouldBeTrue(fault);

            read.ShouldBe(gap);
        }
    }

    [Fact]
    public void TryRead_unknown_fields_are_skipped()
    {
        var text = File.ReadAllText(GoldenFile)
            .Replace("{\"gap\":{", "{\"writer\":[1,{\"x\":2}],\"gap\":{\"priority\":{\"of\":3},", StringComparison.Ordinal);

        GapRecord.TryRead(Encoding.UTF8.GetBytes(text), out var gap, out _).ShouldBeTrue();

        gap.ShouldBe(Sample);
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", "version 2")]
    [InlineData("\"version\":1,", "", "'version'")]
    [InlineData("\"filled\"", "\"lost\"", "'state'")]
    [InlineData("\"quote\"", "\"bar\"", "'kind'")]
    [InlineData("\"forex\"", "\"moon\"", "do not name a symbol")]
    [InlineData("EURUSD", "EUR USD", "do not name a symbol")]
    [InlineData("1737993605000", "5", "before it begins")]
    [InlineData("1737993600000", "-1", "'from_ms'")]
    [InlineData("1737993600000", "17379936e5", "'from_ms'")]
    [InlineData("1737993605012", "\"now\"", "'changed_ms'")]
    [InlineData("0199b6a4", "zzzz", "'id'")]
    [InlineData("disconnected", "\\ud800", "'cause'")]
    [InlineData("disconnected", "a\\u0000b", "'cause'")]
    [InlineData("{\"gap\":{", "{\"tick\":{", "no object 'gap'")]
    [InlineData("}}", "}", "not JSON")]
    public void TryRead_invalid_record_names_the_fault(string old, string wrong, string expected)
    {
        var text = File.ReadAllText(GoldenFile).Replace(old, wrong, StringComparison.Ordinal);

        GapRecord.TryRead(Encoding.UTF8.GetBytes(text), out _, out var fault).ShouldBeFalse();

        fault.ShouldNotBeNull().ShouldContain(expected);
    }

    [Fact]
    public void TryRead_randomly_damaged_record_never_throws()
    {
        var golden = File.ReadAllBytes(GoldenFile);
        Check.QuickThrowOnFailure(Prop.ForAll<byte, int, int>((value, at, cut) =>
        {
            var bytes = golden[..(golden.Length - (Math.Abs(cut) % 20))];
            bytes[Math.Abs(at % bytes.Length)] = value;
            return GapRecord.TryRead(bytes, out var gap, out var fault) ? gap is not null : fault is not null;
        }));
    }

    [Fact]
    public void Write_text_above_the_maximum_is_truncated()
    {
        var gapWithLongTexts = Sample with
        {
            Detail = new string('x', GapRecord.MaxTextLength - 1) + "\U0001F600 and more",
            Cause = new string('c', 100)
        };

        GapRecord.TryRead(GapRecord.Write(gapWithLongTexts), out var gap, out var fault).ShouldBeTrue(fault);

        gap.Detail.ShouldBe(new string('x', GapRecord.MaxTextLength - 1));
        gap.Cause.Length.ShouldBe(GapRecord.MaxCauseLength);
    }

    [Fact]
    public void IsGap_is_true_for_gap_records_only()
    {
        var builder = new TickBatchBuilder(0, TickSource.Live);
        builder.Add(SampleTicks.Of("forex"));

        GapRecord.IsGap(builder.ToRecord()).ShouldBeFalse();
        GapRecord.IsGap(GapRecord.Write(Sample)).ShouldBeTrue();
        GapRecord.IsGap([]).ShouldBeFalse();
    }

    private static Symbol SymbolOf(string name) => Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name);
}
