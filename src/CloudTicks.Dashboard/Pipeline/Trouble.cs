namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Something that is wrong.</summary>
internal sealed record Trouble(string Part, string Sentence, string Cure);
