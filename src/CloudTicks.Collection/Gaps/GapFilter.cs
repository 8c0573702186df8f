using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Collection.Gaps;

/// <summary>Selects gaps; a null criterion matches all.</summary>
/// <param name="FromMs">Selects gaps that end at or after this Unix ms.</param>
/// <param name="ToMs">Selects gaps that begin before this Unix ms.</param>
public sealed record GapFilter(Symbol? Symbol, GapState? State, long? FromMs, long? ToMs, int Limit)
{
    internal bool Matches(FeedGap gap) => (Symbol is null || gap.Symbol.Equals(Symbol)) && (State is null || gap.State == State)
        && (FromMs is null || gap.ToMs is null || gap.ToMs >= FromMs) && (ToMs is null || gap.FromMs < ToMs);
}
