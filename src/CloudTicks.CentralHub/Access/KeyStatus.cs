namespace CloudTicks.CentralHub.Access;

/// <summary>The status of a key.</summary>
public enum KeyStatus
{
    /// <summary>The key is valid.</summary>
    Valid,

    /// <summary>The key is unknown or revoked.</summary>
    Invalid,

    /// <summary>Unknown: the hub does not answer. Recently confirmed keys stay valid.</summary>
    HubUnavailable,

    /// <summary>Unknown: the hub responded 429. This is not an outage, so cached keys expire as usual.</summary>
    HubBusy,
}
