namespace CloudTicks.Dashboard.Pipeline;

internal sealed record Trouble(string Part, string Sentence, string Cure);
