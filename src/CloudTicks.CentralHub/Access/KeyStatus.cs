namespace CloudTicks.CentralHub.Access;

/// <summary>What is known of a key.</summary>
public enum KeyStatus
{
    /// <summary>The key is valid.</summary>
    Held,

    /// <summary>The key is unknown or revoked.</summary>
    Wrong,

    /// <summary>Unknown: the hub does not answer. Keys that it confirmed lately stay good.</summary>
    HubAway,

    /// <summary>Unknown: the hub answers that there are too many requests. It is no outage, so no key stays good because of it.</summary>
    HubBusy,
}
