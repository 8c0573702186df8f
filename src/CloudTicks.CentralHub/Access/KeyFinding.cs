namespace CloudTicks.CentralHub.Access;

/// <summary>What a service found out about a key.</summary>
/// <param name="Caller">The holder; null when there is none, or the hub did not say.</param>
public sealed record KeyFinding(Caller? Caller, KeyStatus Status)
{
    /// <summary>The key was never made, or was revoked.</summary>
    public static KeyFinding Wrong { get; } = new(null, KeyStatus.Wrong);

    /// <summary>The hub does not answer.</summary>
    public static KeyFinding HubAway { get; } = new(null, KeyStatus.HubAway);

    /// <summary>The hub answers, and refuses to look the key up now.</summary>
    public static KeyFinding HubBusy { get; } = new(null, KeyStatus.HubBusy);

    /// <summary>Why the hub says nothing of the key, for the caller; null when it did.</summary>
    public string? Unanswered => Status switch
    {
        KeyStatus.HubAway => "The central hub is away, and no other service knows whose this key is: try again.",
        KeyStatus.HubBusy => "The central hub gets too many wrong keys to look this one up now: come again.",
        _ => null,
    };

    /// <summary>The key can be used.</summary>
    public static KeyFinding Of(Caller caller) => new(caller, KeyStatus.Held);
}
