namespace CloudTicks.CentralHub.Access;

/// <summary>What a caller may do.</summary>
public enum AccessRole
{
    /// <summary>May read documents, ticks, gaps and the state of services.</summary>
    Reader,

    /// <summary>May also change documents and rollouts, post ticks, request backfills, and create and revoke keys.</summary>
    Writer,
}
