namespace CloudTicks.CentralHub.Access;

/// <summary>The result of a key lookup.</summary>
/// <param name="Caller">The holder; null unless the key is valid.</param>
public sealed record KeyLookup(Caller? Caller, KeyStatus Status)
{
    /// <summary>The result for an unknown or revoked key.</summary>
    public static KeyLookup Invalid { get; } = new(null, KeyStatus.Invalid);

    /// <summary>The result while the hub does not answer.</summary>
    public static KeyLookup HubUnavailable { get; } = new(null, KeyStatus.HubUnavailable);

    /// <summary>The result while the hub refuses lookups with 429.</summary>
    public static KeyLookup HubBusy { get; } = new(null, KeyStatus.HubBusy);

    /// <summary>Why the key could not be checked, for the caller; null when it was checked.</summary>
    public string? LookupFailure => Status switch
    {
        KeyStatus.HubUnavailable => "The central hub, which checks keys, does not answer. Try again.",
        KeyStatus.HubBusy => "The central hub is receiving too many wrong keys and cannot check this key now. Try again.",
        _ => null,
    };

    /// <summary>Creates the result for a valid key.</summary>
    public static KeyLookup Of(Caller caller) => new(caller, KeyStatus.Valid);
}
