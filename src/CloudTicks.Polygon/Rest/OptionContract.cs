using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>An option contract, as the reference data have it.</summary>
/// <param name="Symbol">Its symbol, such as <c>O:SPY251219C00650000</c>.</param>
/// <param name="Type">Call, put or other.</param>
/// <param name="Expires">The day on which it expires, in New York.</param>
/// <param name="Strike">The price at which it is exercised.</param>
public sealed record OptionContract(Symbol Symbol, ContractType Type, DateOnly Expires, Price Strike);
