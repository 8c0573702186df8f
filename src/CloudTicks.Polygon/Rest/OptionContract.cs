using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>An option contract of the reference data.</summary>
/// <param name="Symbol">The contract's symbol, such as <c>O:SPY251219C00650000</c>.</param>
/// <param name="Expires">The day of expiry, in New York.</param>
public sealed record OptionContract(Symbol Symbol, ContractType Type, DateOnly Expires, Price Strike);
