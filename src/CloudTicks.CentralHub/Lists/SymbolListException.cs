namespace CloudTicks.CentralHub.Lists;

/// <summary>A list of symbols does not exist or is invalid. The message says what to change.</summary>
public sealed class SymbolListException(string message) : Exception(message);
