namespace CloudTicks.CentralHub.Access;

/// <summary>The status of a key.</summary>
public enum KeyStatus
{
    /// <summary>The key is valid.</summary>
    Held,

    /// <summary>The key is unknown or revoked.</summary>
    Wrong,

    /// <summary>Unknown: the hub does not answer. Recently confirmed keys stay valid.</summary>
    HubAway,

    /// <summary>Unknown: the hub responds 429. This is not an outage, so no key stays valid because of it.</summary>
    HubBusy,
}
