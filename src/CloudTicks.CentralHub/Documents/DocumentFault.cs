namespace CloudTicks.CentralHub.Documents;

/// <summary>An invalid part of a document.</summary>
/// <param name="Place">The location: a JSON pointer (RFC 6901), <c>/operational/symbols/3</c>; empty for the document as a whole.</param>
/// <param name="Detail">What is wrong and what to do, as a sentence that never repeats a value that looks like a secret.</param>
public sealed record DocumentFault(string Place, string Detail);
