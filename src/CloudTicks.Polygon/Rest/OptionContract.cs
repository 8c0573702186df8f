using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>An option contract, as the reference data have it.</summary>
/// <param name="Symbol">Its symbol, such as <c>O:SPY251219C00650000</c>.</param>
/// <param name="Expires">The day on which it expires, in New York.</param>
public sealed record OptionContract(Symbol Symbol, ContractType Type, DateOnly Expires, Price Strike);
