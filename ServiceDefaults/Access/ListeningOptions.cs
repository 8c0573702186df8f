namespace ServiceDefaults.Access;

/// <summary>Who may use the addresses on which a service listens. Section <c>Listening</c>.</summary>
public sealed record ListeningOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Listening";

    /// <summary>
    /// Requires a key from every caller, including those on loopback; false by default. Set this behind any proxy: there every caller seems
    /// to be on this machine, and a proxy that rewrites <c>Host</c> and adds no header cannot be detected.
    /// </summary>
    public bool RequireKeys { get; init; }
}
