namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Something that is wrong.</summary>
/// <param name="Part">The part that has it.</param>
/// <param name="Sentence">What is wrong.</param>
/// <param name="Cure">What to do.</param>
internal sealed record Trouble(string Part, string Sentence, string Cure);
