namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>A change to a registration.</summary>
/// <param name="Schema">The schema; null, like the defaults, to unregister the service.</param>
/// <param name="Comment">The author's comment; null if there is none.</param>
public sealed record ServiceChange(string? Schema, string? Defaults, string Author, string? Comment)
{
    /// <summary>Creates the change that unregisters a service.</summary>
    public static ServiceChange Removal(string author, string? comment) => new(null, null, author, comment);
}
