namespace CloudTicks.CentralHub.Access;

/// <summary>What somebody may do; a writer may read too.</summary>
public enum AccessRole
{
    /// <summary>May read documents, ticks, gaps and the state of services.</summary>
    Reader,

    /// <summary>May also change documents and rollouts, post ticks, ask for backfills, and make and revoke keys.</summary>
    Writer,
}
