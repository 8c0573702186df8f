namespace CloudTicks.Lake.Storage;

/// <summary>The last import into a lake.</summary>
/// <param name="Id">Changes whenever an import begins.</param>
/// <param name="IsRunning">Whether the import may still add ticks.</param>
public readonly record struct ImportMark(string Id, bool IsRunning);
