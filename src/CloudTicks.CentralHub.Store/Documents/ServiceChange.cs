namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>What becomes of a registration.</summary>
/// <param name="Schema">The schema; null when the service is unregistered, and so for the defaults.</param>
/// <param name="Comment">What its author says of it; null when nothing.</param>
public sealed record ServiceChange(string? Schema, string? Defaults, string Author, string? Comment)
{
    /// <summary>Takes a service away.</summary>
    public static ServiceChange Removal(string author, string? comment) => new(null, null, author, comment);
}
