namespace CloudTicks.CentralHub.Lists;

/// <summary>A list of symbols is not there, or cannot be used; the message is a sentence that says what to change.</summary>
public sealed class SymbolListException(string message) : Exception(message);
