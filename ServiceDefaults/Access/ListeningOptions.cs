namespace ServiceDefaults.Access;

/// <summary>Who may use the addresses where a service listens. Section <c>Listening</c>.</summary>
public sealed record ListeningOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Listening";

    /// <summary>
    /// Demands a key of every caller, also on loopback; false by default. It must be set behind any proxy: behind one every caller comes
    /// from this machine, and a proxy that rewrites <c>Host</c> and adds no header cannot be recognised.
    /// </summary>
    public bool RequireKeys { get; init; }
}
