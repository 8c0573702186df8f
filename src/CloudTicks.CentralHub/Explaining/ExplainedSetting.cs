namespace CloudTicks.CentralHub.Explaining;

/// <summary>A value from one configuration source.</summary>
public sealed record SourcedValue(string Source, string? Value);

/// <summary>A setting of this process with the configuration source of its value.</summary>
/// <param name="Name">The name, such as <c>Collector:Symbols</c>.</param>
/// <param name="Value">The value in force; null if there is none. Secrets are masked.</param>
/// <param name="Overridden">Values of other configuration sources, by descending priority.</param>
public sealed record ExplainedSetting(string Name, string? Value, string Source, IReadOnlyList<SourcedValue> Overridden);
