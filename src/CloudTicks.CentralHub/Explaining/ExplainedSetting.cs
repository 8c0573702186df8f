namespace CloudTicks.CentralHub.Explaining;

/// <summary>A value that a source of settings gives.</summary>
public sealed record SourcedValue(string Source, string? Value);

/// <summary>A setting of this process, and where its value comes from.</summary>
/// <param name="Name">Its name, <c>Collector:Symbols</c>.</param>
/// <param name="Value">The value in force; null for none. Secrets are masked.</param>
/// <param name="Overridden">What other sources say, the stronger before the weaker.</param>
public sealed record ExplainedSetting(string Name, string? Value, string Source, IReadOnlyList<SourcedValue> Overridden);
