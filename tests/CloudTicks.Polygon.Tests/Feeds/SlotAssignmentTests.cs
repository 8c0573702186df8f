using CloudTicks.Polygon.Feeds;
using CloudTicks.Ticks;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Polygon.Tests.Feeds;

public class SlotAssignmentTests
{
    [Fact]
    public void Assign_result_does_not_depend_on_symbol_order() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, 300).Zip(Gen.Choose(1, 8)).Zip(Gen.Choose(1, 40)).ToArbitrary(),
        input =>
        {
            var ((count, slots), capacity) = input;
            var symbols = Symbols(count);

            var assigned = SlotAssignment.Assign(symbols, [.. Enumerable.Range(0, slots)], capacity, out var leftOut);
            var reversed = SlotAssignment.Assign(
                symbols.Reverse(), [.. Enumerable.Range(0, slots).Reverse()], capacity, out var leftOutAsWell);

            assigned.Count.ShouldBe(Math.Min(count, slots * capacity));
            leftOut.Count.ShouldBe(count - assigned.Count);
            assigned.GroupBy(symbol => symbol.Value).ShouldAllBe(slot => slot.Count() <= capacity);
            assigned.OrderBy(symbol => symbol.Key.Name, StringComparer.Ordinal)
                .ShouldBe(reversed.OrderBy(symbol => symbol.Key.Name, StringComparer.Ordinal));
            leftOutAsWell.ShouldBe(leftOut);
        }));

    [Fact]
    public void Assign_with_added_symbol_or_slot_moves_few_symbols()
    {
        var symbols = Symbols(200);
        var before = SlotAssignment.Assign(symbols[..199], [.. Enumerable.Range(0, 8)], 30, out _);

        CountMoved(before, SlotAssignment.Assign(symbols, [.. Enumerable.Range(0, 8)], 30, out _)).ShouldBeLessThan(8);
        CountMoved(before, SlotAssignment.Assign(symbols[..199], [.. Enumerable.Range(0, 9)], 30, out _)).ShouldBeLessThan(50);
    }

    private static int CountMoved(Dictionary<Symbol, int> before, Dictionary<Symbol, int> after) =>
        before.Count(symbol => after[symbol.Key] != symbol.Value);

    private static Symbol[] Symbols(int count) => [.. Enumerable.Range(0, count).Select(number =>
        Symbol.TryParse(Market.Stock, $"S{number}", out var symbol) ? symbol : throw new ArgumentException("No symbol"))];
}
