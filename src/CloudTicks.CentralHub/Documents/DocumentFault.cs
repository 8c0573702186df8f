namespace CloudTicks.CentralHub.Documents;

/// <summary>An invalid part of a document.</summary>
/// <param name="Place">Where: a JSON pointer (RFC 6901), <c>/operational/symbols/3</c>; empty for the document as a whole.</param>
/// <param name="Detail">A sentence: what is wrong, and what to do. It never repeats a value that looks like a secret.</param>
public sealed record DocumentFault(string Place, string Detail);
