using System.Text;
using CloudTicks.Collection.Symbols;
using CloudTicks.Polygon.Rest;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Tests.Symbols;

public class ContractChoiceTests
{
    [Fact]
    public void Choose_prefers_nearest_expiries_then_middle_strikes()
    {
        OptionContract[] near = [.. Contracts("AAA", new DateOnly(2025, 1, 17), 10, 20)];
        OptionContract[] far = [.. Contracts("AAA", new DateOnly(2025, 1, 24), 10, 20, 30, 40, 50)];
        OptionContract[] other = [.. Contracts("BBB", new DateOnly(2025, 1, 24), 5, 6, 7)];

        var chosen = ContractChoice.Choose([[.. far, .. near], other], 10).Select(symbol => symbol.Name).ToArray();

        chosen.Length.ShouldBe(10);
        chosen.Take(4).ShouldBe(near.Select(contract => contract.Symbol.Name), ignoreOrder: true);
        chosen.Skip(4).Take(4).ShouldBe(
            ["O:AAA250124C00030000", "O:AAA250124P00030000", "O:BBB250124C00006000", "O:BBB250124P00006000"]);
        chosen.Skip(8).ShouldBe(["O:AAA250124C00020000", "O:AAA250124C00040000"]);
    }

    [Fact]
    public void Choose_without_room_is_empty() =>
        ContractChoice.Choose([[.. Contracts("AAA", new DateOnly(2025, 1, 17), 10)]], -5).ShouldBeEmpty();

    internal static IEnumerable<OptionContract> Contracts(string share, DateOnly expires, params int[] strikes) =>
        from strike in strikes
        from type in new[] { ContractType.Call, ContractType.Put }
        let name = $"O:{share}{expires:yyMMdd}{(type == ContractType.Call ? "C" : "P")}{strike * 1000:00000000}"
        select new OptionContract(
            Symbol.TryParse(name, out var symbol) ? symbol : throw new ArgumentException(name), type, expires,
            Price.TryParse(Encoding.UTF8.GetBytes($"{strike}"), out var price) ? price : throw new ArgumentException(name));
}
